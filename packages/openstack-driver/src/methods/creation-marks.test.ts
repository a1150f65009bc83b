import { describe, expect, test } from 'vitest'
import { givenDisk, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { stemcellImage, withFile } from '../../test/stemcell-archive.ts'
import { failureOf, givenVm, serverOf, vmDefaults } from '../../test/vm-on-fake.ts'

const unmarked = { openstack: { tag_resources: false } }
const stemcell = { name: 's', version: '1', disk_format: 'raw', container_format: 'bare' }
const network = { type: 'manual', cloudProperties: {}, range: '10.77.0.0/24', gateway: '10.77.0.1', netmaskBits: 24 }

describe('a server is unfinished until the director comes back for it', () => {
  test('by sending metadata', () =>
    withDriverOnFake(
      async (driver) => {
        const { vm } = await givenVm(driver)
        expect((await serverOf(driver, vm))['metadata']).toMatchObject({ cpi_creation: 'unfinished' })
        await driver.call().setVmMetadata(vm, {})
        expect((await serverOf(driver, vm))['metadata']).toMatchObject({
          cpi_creation: 'finished',
          director_uuid: directorUuid,
        })
      },
      { openstack: vmDefaults },
    ))

  test('even if the quota of metadata is used up', () =>
    withDriverOnFake(
      async (driver) => {
        const { vm } = await givenVm(driver)
        driver.cloud.faults.add({
          match: { service: 'compute', operation: 'server-metadata.create' },
          times: 2,
          do: {
            respond: {
              status: 403,
              body: { forbidden: { code: 403, message: 'Maximum number of metadata items exceeds 128' } },
            },
          },
        })
        await driver.call().setVmMetadata(vm, { deployment: 'cf' })
        expect((await serverOf(driver, vm))['metadata']).toMatchObject({ cpi_creation: 'finished' })
      },
      { openstack: vmDefaults },
    ))
})

describe('all else is finished by the last request', () => {
  test('§7.10 a disk, and nothing that is said of it later makes it unfinished', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      expect(driver.cloud.journal.of('volumes.create')[0]?.request).toMatchObject({
        volume: { metadata: { cpi_creation: 'unfinished', director_uuid: directorUuid } },
      })
      expect(made(driver, 'volumes')).toMatchObject([{ metadata: { cpi_creation: 'finished' } }])
      await driver.call().setDiskMetadata(disk, { cpi_creation: 'unfinished' })
      expect(made(driver, 'volumes')).toMatchObject([{ metadata: { cpi_creation: 'finished' } }])
    }))

  test('a disk whose mark cannot be taken back does not stay', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volume-metadata.create' },
        do: { respond: { status: 403 } },
      })
      await failureOf(givenDisk(driver))
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('a stemcell: its image loses the tag of the upload', () =>
    withDriverOnFake(async (driver) => {
      await withFile(await stemcellImage(Buffer.alloc(1024)), (imagePath) =>
        driver.call().createStemcell({ imagePath, cloudProperties: stemcell, tags: {} }),
      )
      const posted = driver.cloud.journal.of('images.create')[0]?.request
      expect(posted).toMatchObject({ tags: [expect.stringMatching(/^bosh-upload-/)] })
      expect(made(driver, 'images')).toMatchObject([{ tags: [] }])
    }))

  test('a stemcell whose mark cannot be taken back does not stay, as it would look unfinished for ever', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'image', operation: 'images.update' },
        times: null,
        do: { respond: { status: 403 } },
      })
      await withFile(await stemcellImage(Buffer.alloc(1024)), async (imagePath) => {
        await failureOf(driver.call().createStemcell({ imagePath, cloudProperties: stemcell, tags: {} }))
      })
      expect(made(driver, 'images')).toEqual([])
    }))

  test('§7.19 a snapshot', () =>
    withDriverOnFake(async (driver) => {
      await driver.call().snapshotDisk(await givenDisk(driver), { cpi_creation: 'finished' })
      expect(driver.cloud.journal.of('snapshots.create')[0]?.request).toMatchObject({
        snapshot: { metadata: { cpi_creation: 'unfinished', director_uuid: directorUuid } },
      })
      expect(made(driver, 'snapshots')).toMatchObject([{ metadata: { cpi_creation: 'finished' } }])
    }))

  test('a managed network', () =>
    withDriverOnFake(async (driver) => {
      await driver.call().createNetwork(network)
      const origin = `director_uuid:${directorUuid} cpi_request_id:${requestId}`
      expect(driver.cloud.journal.of('networks.create')[0]?.request).toMatchObject({
        network: { description: `${origin} cpi_creation:unfinished` },
      })
      expect(made(driver, 'networks')).toMatchObject([{ description: origin }])
    }))
})

test('§1.1 tag_resources: false leaves disks, snapshots and networks without any mark', () =>
  withDriverOnFake(async (driver) => {
    const disk = await givenDisk(driver)
    await driver.call().snapshotDisk(disk, {})
    await driver.call().createNetwork(network)
    await driver.call().setDiskMetadata(disk, {})
    expect(JSON.stringify(['volumes', 'snapshots', 'networks'].map((kind) => made(driver, kind)))).not.toContain('cpi_')
    expect(named(driver.cloud.journal.since())).not.toContain('network networks.update')
  }, unmarked))
