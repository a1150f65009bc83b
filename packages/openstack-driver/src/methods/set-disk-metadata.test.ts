import { describe, expect, test } from 'vitest'
import { absentDisk, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'

describe('§7.17 set_disk_metadata', () => {
  test('merges with what is there, adapted to what Cinder takes, in one request', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const given = { deployment: 'cf', 'a/b': 'x'.repeat(300), index: 0, nothing: null, note: 'ä😀' }
      const requests = await driver.requestsOf(() => driver.call().setDiskMetadata(disk, given))
      expect(named(requests)).toEqual(['identity tokens.create', 'block-storage volume-metadata.create'])
      expect(made(driver, 'volumes')).toMatchObject([
        {
          metadata: {
            director_uuid: directorUuid,
            cpi_request_id: requestId,
            deployment: 'cf',
            a_b: 'x'.repeat(255),
            index: '0',
            note: 'ä_',
          },
        },
      ])
    }))

  test('a missing disk, also with nothing to set', () =>
    withDriverOnFake(async (driver) => {
      for (const given of [{ a: 'b' }, {}]) {
        await expect(driver.call().setDiskMetadata(absentDisk, given)).rejects.toMatchObject({ code: 'DiskNotFound' })
      }
    }))
})
