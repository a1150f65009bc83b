import { stemcellCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { stemcellImage, withFile } from '../../test/stemcell-archive.ts'

const createStemcell = async (driver: DriverOnFake): Promise<string> =>
  await withFile(await stemcellImage('bytes'), (imagePath) =>
    driver.call().createStemcell({ imagePath, cloudProperties: { disk_format: 'raw' }, tags: {} }),
  )

describe('§7.3 delete_stemcell', () => {
  test('removes the image, in a login and a request', () =>
    withDriverOnFake(async (driver) => {
      const cid = await createStemcell(driver)
      const requests = await driver.requestsOf(() => driver.call().deleteStemcell(stemcellCid(cid)))
      expect(named(requests)).toEqual(['identity tokens.create', 'image images.delete'])
      expect(driver.cloud.leftovers()['images'] ?? []).toEqual([])
    }))

  test('a missing image is a success', () =>
    withDriverOnFake(async (driver) => {
      const cid = await createStemcell(driver)
      await driver.call().deleteStemcell(stemcellCid(cid))
      await driver.call().deleteStemcell(stemcellCid(cid))
    }))

  test("a light stemcell's image is the operator's and stays", () =>
    withDriverOnFake(async (driver) => {
      const cid = await createStemcell(driver)
      const requests = await driver.requestsOf(() => driver.call().deleteStemcell(stemcellCid(`${cid} light`)))
      expect(requests).toEqual([])
      expect(driver.cloud.leftovers()['images']).toMatchObject([{ id: cid }])
    }))

  test.each(['../images', 'not an id'])('contract §10 %s is no image: no request', (cid) =>
    withDriverOnFake(async (driver) => {
      expect(await driver.requestsOf(() => driver.call().deleteStemcell(stemcellCid(cid)))).toEqual([])
    }),
  )

  test('an image with copies that depend on it: an error, for it is still there', () =>
    withDriverOnFake(async (driver) => {
      const cid = await createStemcell(driver)
      driver.cloud.faults.add({
        match: { service: 'image', operation: 'images.delete' },
        do: {
          respond: { status: 409, body: { message: 'Image is in use.', code: '409 Conflict', title: 'Conflict' } },
        },
      })
      await expect(driver.call().deleteStemcell(stemcellCid(cid))).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/it is in use.*Image is in use/),
      })
    }))
})
