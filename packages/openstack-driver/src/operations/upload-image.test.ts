import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { force } from '../../test/cinder-on-fake.ts'
import { cuttingProxy } from '../../test/cutting-proxy.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { tar } from '../../test/stemcell-archive.ts'
import { givenStemcell, newImages, onUpload, rootImage } from '../../test/stemcell-on-fake.ts'

const lostAnswer = onUpload({ reset: true }, { when: 'after' })
const leftSaving = onUpload({ state: { to: 'saving' } })

/** More than the sockets on the way can hold, so that a cut comes before the last byte is read. */
const largeRootImage = Buffer.concat([rootImage, Buffer.alloc(24 * 1024 * 1024)])

/** Creates a large stemcell through a proxy that cuts the first `times` uploads, each as soon as Glance saves. */
async function throughCuttingProxy(driver: DriverOnFake, times: number) {
  const proxy = await cuttingProxy(new URL(driver.authUrl).origin, times, () =>
    newImages(driver).some(({ status }) => status === 'saving'),
  )
  const startMs = driver.cloud.clock.now()
  const outcome = await givenStemcell(driver, {
    archive: gzipSync(await tar([{ name: 'root.img' }, largeRootImage]), { level: 1 }),
    openstack: { endpoint_overrides: { image: `${proxy.origin}/image/v2` } },
  }).catch((error: unknown) => error)
  return { outcome, cuts: proxy.cuts(), tookMs: driver.cloud.clock.now() - startMs }
}

describe('§7.2 an upload that breaks off halfway, while Glance still saves', () => {
  test('deletes the half image without waiting, and creates a whole one', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(async () => {
        const { outcome, cuts, tookMs } = await throughCuttingProxy(driver, 1)
        expect(cuts).toBe(1)
        expect(newImages(driver)).toMatchObject([
          { id: outcome, status: 'active', size: largeRootImage.length, tags: [] },
        ])
        expect(tookMs).toBeLessThan(60_000)
      })
      expect(named(requests).filter((name) => !name.startsWith('identity') && name !== 'image images.upload')).toEqual([
        'image images.create',
        'image images.delete',
        'image images.create',
        'image images.update',
      ])
    }))

  test('twice: the error tells of the connection, and no image is left', () =>
    withDriverOnFake(async (driver) => {
      const { outcome, cuts } = await throughCuttingProxy(driver, 3)
      expect(cuts).toBe(2)
      expect(outcome).toMatchObject({ code: 'CloudError', message: expect.stringMatching(/PUT .*\/file/) })
      expect(newImages(driver)).toEqual([])
    }))
})

describe('§3.5 an upload that was sent whole, but not answered', () => {
  test('of an image that is active all the same: it is kept', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(lostAnswer)
      const requests = await driver.requestsOf(() => givenStemcell(driver))
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(1)
      expect(newImages(driver)).toMatchObject([{ status: 'active' }])
    }))

  test.each([
    ['cut off', lostAnswer],
    ['answered by a proxy that did not wait', onUpload({ respond: { status: 504 } }, { when: 'after' })],
  ])('(%s) of an image that is still saving: it is waited for, and kept', (_, fault) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(leftSaving)
      driver.cloud.faults.add(fault)
      const meanwhile = async () => force(driver, 'images', String(newImages(driver)[0]?.['id']), { status: 'active' })
      const requests = await driver.requestsOf(async () => {
        const cid = await givenStemcell(driver, { meanwhile })
        expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active', tags: [] }])
      })
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(1)
      driver.cloud.faults.assertAllHit()
    }),
  )

  test('of an image that goes on saving for ever: it is removed when the time is up', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(leftSaving)
      driver.cloud.faults.add(lostAnswer)
      await expect(givenStemcell(driver)).rejects.toThrow(/Timed out waiting for Image.*saving.*state_timeout/s)
      expect(newImages(driver)).toEqual([])
    }))

  test('of an image that is queued again: the bytes are lost, and sent anew to another', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add(onUpload({ state: { to: 'queued' } }))
      driver.cloud.faults.add(lostAnswer)
      const requests = await driver.requestsOf(async () => {
        const cid = await givenStemcell(driver)
        expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active' }])
      })
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(2)
    }))
})
