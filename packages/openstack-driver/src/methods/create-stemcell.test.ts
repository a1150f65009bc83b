import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type DriverOnFake, directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { givenStemcell, newImages, rootImage } from '../../test/stemcell-on-fake.ts'

describe('§7.2 heavy stemcells', () => {
  test('the root image becomes a private, active image with name, formats and properties', () =>
    withDriverOnFake(async (driver) => {
      const cid = await givenStemcell(driver)
      const [image, ...others] = newImages(driver)
      expect(others).toEqual([])
      expect(image).toMatchObject({
        id: cid,
        name: 'bosh-openstack-kvm-ubuntu-jammy/1.785',
        status: 'active',
        visibility: 'private',
        disk_format: 'qcow2',
        container_format: 'bare',
        size: rootImage.length,
        checksum: createHash('md5').update(rootImage).digest('hex'),
      })
      expect(JSON.stringify(image)).toContain('"hypervisor_type":"kvm"')
      expect(JSON.stringify(image)).toContain('"auto_disk_config":"true"')
    }))

  test('takes a login, the image, its bytes, and the end of its mark, which tells the state', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() => givenStemcell(driver))
      expect(named(requests)).toEqual([
        'identity tokens.create',
        'image images.create',
        'image images.upload',
        'image images.update',
      ])
    }))

  test('contract §6.2 each call makes an image of its own', () =>
    withDriverOnFake(async (driver) => {
      const cids = [await givenStemcell(driver), await givenStemcell(driver)]
      expect(newImages(driver).map((image) => Reflect.get(image, 'id'))).toEqual(cids)
      expect(new Set(cids).size).toBe(2)
    }))

  test('the director that made it and its tags can be told from the image', () =>
    withDriverOnFake(async (driver) => {
      await givenStemcell(driver, { tags: { team: 'a', id: 'x' } })
      const image = JSON.stringify(newImages(driver))
      expect(image).toContain(`"director_uuid":"${directorUuid}"`)
      expect(image).toContain(`"cpi_request_id":"${requestId}"`)
      expect(image).toContain('"team":"a"')
      expect(image).toContain('"bosh_id":"x"')
    }))

  test('no traces of ours with tag_resources: false', () =>
    withDriverOnFake(async (driver) => {
      await givenStemcell(driver, { openstack: { tag_resources: false } })
      expect(JSON.stringify(newImages(driver))).not.toContain(directorUuid)
    }))

  test('a public image needs rights the user lacks: refused, nothing left', () =>
    withDriverOnFake(async (driver) => {
      await expect(givenStemcell(driver, { openstack: { stemcell_public_visibility: true } })).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/publicize_image.*roles/s),
      })
      expect(newImages(driver)).toEqual([])
    }))

  test('public where configured, for a user who may', () =>
    withDriverOnFake(async (driver) => {
      const asAdmin = { user: 'admin', openstack: { api_key: 'admin-password', stemcell_public_visibility: true } }
      const cid = await givenStemcell(driver, asAdmin)
      expect(newImages(driver)).toMatchObject([{ id: cid, visibility: 'public', status: 'active' }])
    }))
})

describe.each(['2025.1', '2026.2'] as const)('§7.2 Glance of %s inspects the content of an upload', (release) => {
  const options = { cloud: { release } }

  test('create_stemcell names a disk_format that is not the format of the image, once, and leaves no image', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        expect(givenStemcell(driver, { cloudProperties: { disk_format: 'vmdk' } })).rejects.toMatchObject({
          code: 'CloudError',
          message: expect.stringMatching(
            /stemcell's image is not what its disk_format `vmdk' says.*with 415.*disk_format/s,
          ),
        }),
      )
      expect(named(requests).filter((name) => name === 'image images.upload')).toHaveLength(1)
      expect(newImages(driver)).toEqual([])
    }, options))

  test('an image that is what its disk_format says becomes active', () =>
    withDriverOnFake(async (driver) => {
      const cid = await givenStemcell(driver, { cloudProperties: { disk_format: 'qcow2' } })
      expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active', size: rootImage.length }])
    }, options))
})

describe('§7.2 Glance import', () => {
  const importing = { openstack: { stemcell_import: true } }

  test('takes the place of the upload where configured', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() => givenStemcell(driver, importing))
      expect(named(requests)).toEqual(expect.arrayContaining(['image images.stage', 'image images.import']))
      expect(named(requests)).not.toContain('image images.upload')
      expect(newImages(driver)).toMatchObject([{ status: 'active', size: rootImage.length }])
    }))

  test.each([
    ['knows no import', { respond: { status: 404 } }],
    [
      'has no such path',
      {
        respond: {
          status: 404,
          body: { message: 'The resource could not be found.<br /><br />', code: '404 Not Found', title: 'Not Found' },
        },
      },
    ],
    ['knows other imports', { respond: { status: 200, body: { 'import-methods': { value: ['web-download'] } } } }],
  ])('a Glance that %s gets a plain upload, with a warning', (_, effect) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: { service: 'image', operation: 'info.import' }, do: effect })
      const requests = await driver.requestsOf(() => givenStemcell(driver, importing))
      expect(named(requests)).toContain('image images.upload')
      expect(newImages(driver)).toMatchObject([{ status: 'active' }])
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn Glance offers no import/))
    }),
  )

  test('one that fails is started over once, with a new image', () =>
    withDriverOnFake(async (driver) => {
      const failing = { match: { transition: 'images.import.active' }, do: { state: { to: 'uploading' } } }
      driver.cloud.faults.add(failing)
      const cid = await givenStemcell(driver, importing)
      expect(newImages(driver)).toMatchObject([{ id: cid, status: 'active' }])
      driver.cloud.faults.add({ ...failing, times: 2 })
      await expect(givenStemcell(driver, importing)).rejects.toThrow(/import failed in store file/)
      expect(newImages(driver)).toMatchObject([{ id: cid }])
    }))
})

describe('§7.2 light stemcells', () => {
  const light = (driver: DriverOnFake, imageId: string) =>
    givenStemcell(driver, {
      archive: Buffer.alloc(0),
      cloudProperties: { image_id: imageId, tags: { team: 'a' } },
      tags: { team: 'b' },
    })
  const imageOf = ({ cloud }: DriverOnFake) => String(cloud.state()['images']?.[0]?.id)

  test('are checked and told apart by their CID; their image is not touched', () =>
    withDriverOnFake(async (driver) => {
      const imageId = imageOf(driver)
      const before = structuredClone(driver.cloud.state()['images'])
      const requests = await driver.requestsOf(async () => {
        expect(await light(driver, imageId)).toBe(`${imageId} light`)
      })
      expect(named(requests)).toEqual(['identity tokens.create', 'image images.show'])
      expect(driver.cloud.state()['images']).toEqual(before)
    }))

  test.each(['11111111-1111-4111-8111-111111111111', '../images', 'x'])('unknown image %s', (imageId) =>
    withDriverOnFake(async (driver) => {
      await expect(light(driver, imageId)).rejects.toMatchObject({
        code: 'CloudError',
        message: `No active image with id '${imageId}' referenced by light stemcell found in OpenStack.`,
      })
    }),
  )

  test('an image that is not active', () =>
    withDriverOnFake(async (driver) => {
      const queued = await queuedImage(driver)
      await expect(light(driver, queued)).rejects.toThrow(`No active image with id '${queued}'`)
    }))
})

/** An image of the operator that has no bytes yet. */
async function queuedImage({ cloud }: DriverOnFake): Promise<string> {
  const response = await cloud.fetch(`${cloud.url}/image/v2/images`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': await cloud.token('bosh') },
    body: JSON.stringify({ name: 'operators', disk_format: 'raw', container_format: 'bare' }),
  })
  const image: unknown = await response.json()
  return String((image as Record<string, unknown>)['id']) // Glance answers the image
}
