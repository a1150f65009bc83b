import { describe, expect, test } from 'vitest'
import { givenDisk, made } from '../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../test/driver-on-fake.ts'
import { stemcellImage, withFile } from '../test/stemcell-archive.ts'
import { type PendingResults, pendingResultKey } from './pending-results.ts'

/** Records in memory, with what the cloud said of the thing whenever one came or went. */
function recordsOf(driver: DriverOnFake, kind: string, isMarked: (thing: Record<string, unknown>) => boolean) {
  const kept = new Set<string>()
  const seen: string[] = []
  const note = (what: string) => {
    const things = made(driver, kind)
    seen.push(`${what}, ${things.map((thing) => (isMarked(thing) ? 'marked' : 'unmarked')).join()}`)
  }
  const records: PendingResults = {
    add: async (thing) => {
      note('recorded')
      kept.add(pendingResultKey(thing))
      return async () => {
        note('about to answer')
        kept.delete(pendingResultKey(thing))
      }
    },
  }
  return { records, kept, seen }
}

const isUnfinished = (thing: Record<string, unknown>) => Object(thing['metadata']).cpi_creation === 'unfinished'
const aroundTheMark = ['recorded, marked', 'about to answer, unmarked']
const network = { type: 'manual', cloudProperties: {}, range: '10.77.0.0/24', gateway: '10.77.0.1', netmaskBits: 24 }
const stemcell = { name: 's', version: '1', disk_format: 'raw', container_format: 'bare' }

describe('what looks finished while its director does not know of it is recorded', () => {
  test('a disk', () =>
    withDriverOnFake(async (driver) => {
      const { records, kept, seen } = recordsOf(driver, 'volumes', isUnfinished)
      await driver.call({ pendingResults: records }).createDisk({ sizeMiB: 1024, cloudProperties: {} })
      expect(seen).toEqual(aroundTheMark)
      expect([...kept]).toEqual([])
    }))

  test('a snapshot', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const { records, kept, seen } = recordsOf(driver, 'snapshots', isUnfinished)
      await driver.call({ pendingResults: records }).snapshotDisk(disk, {})
      expect(seen).toEqual(aroundTheMark)
      expect([...kept]).toEqual([])
    }))

  test('an image', () =>
    withDriverOnFake(async (driver) => {
      const { records, kept, seen } = recordsOf(driver, 'images', ({ tags }) => Array.isArray(tags) && tags.length > 0)
      await withFile(await stemcellImage(Buffer.alloc(1024)), (imagePath) =>
        driver.call({ pendingResults: records }).createStemcell({ imagePath, cloudProperties: stemcell, tags: {} }),
      )
      expect(seen).toEqual(aroundTheMark)
      expect([...kept]).toEqual([])
    }))

  test('a managed network', () =>
    withDriverOnFake(async (driver) => {
      const isMarked = ({ description }: Record<string, unknown>) => String(description).includes('unfinished')
      const { records, kept, seen } = recordsOf(driver, 'networks', isMarked)
      await driver.call({ pendingResults: records }).createNetwork(network)
      expect(seen).toEqual(aroundTheMark)
      expect([...kept]).toEqual([])
    }))

  test('nothing where nothing is marked: nobody could tell whose it is', () =>
    withDriverOnFake(
      async (driver) => {
        const { records, seen } = recordsOf(driver, 'volumes', isUnfinished)
        await driver.call({ pendingResults: records }).createDisk({ sizeMiB: 1024, cloudProperties: {} })
        expect(seen).toEqual([])
      },
      { openstack: { tag_resources: false } },
    ))
})
