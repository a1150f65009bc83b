import type { DiskCid, VmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { givenDisk } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { type GivenServer, givenServer } from '../../test/nova-on-fake.ts'

const attachments = { service: 'compute', operation: 'volume-attachments.create' } as const

/** As old clouds do: an attachment without a device is refused. */
function demandDevice(driver: DriverOnFake): void {
  const message = "Invalid input for field/attribute volumeAttachment. 'device' is a required property"
  driver.cloud.faults.add({
    match: attachments,
    do: { respond: { status: 400, body: { badRequest: { code: 400, message } } } },
  })
}

/** Nova does not tell at which device the volume is, once it is attached; nor does Cinder, unless told otherwise. */
function hideDevice(driver: DriverOnFake, vm: string, volume: string, device: string | null = null): void {
  driver.cloud.faults.add({
    match: { service: 'compute', operation: 'volume-attachments.show' },
    do: { respond: { status: 200, body: { volumeAttachment: { id: volume, volumeId: volume, device: null } } } },
  })
  driver.cloud.faults.add({
    match: { service: 'block-storage', operation: 'volumes.show' },
    skip: 1, // the look before
    do: {
      respond: {
        status: 200,
        body: { volume: { id: volume, status: 'in-use', attachments: [{ server_id: vm, device }] } },
      },
    },
  })
}

async function given(driver: DriverOnFake, server?: GivenServer): Promise<{ vm: VmCid; volume: DiskCid }> {
  return { vm: await givenServer(driver, server), volume: await givenDisk(driver) }
}

/** The link that udev makes for a virtio-blk disk, whose serial is the first 20 characters of the volume's id. */
const byId = (volume: DiskCid): string => `/dev/disk/by-id/virtio-${volume.slice(0, 20)}`

/** A cloud whose hypervisor is libvirt: disks are virtio disks, `/dev/vd…`. */
const libvirt = { cloud: { deviceNames: 'next-free' } } as const

describe('§7.13 the hint of a virtio disk', () => {
  test('contract §8.2 attach_disk names the volume, not the letter that Nova counted', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const other = await givenDisk(driver)
      expect(await driver.call().attachDisk(vm, volume)).toBe(byId(volume))
      expect(await driver.call().attachDisk(vm, other)).toBe(byId(other))
    }, libvirt))

  test('the hint is the same when the disk is attached already, whoever attached it', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call({ openstack: { disk_hint: 'letter' } }).attachDisk(vm, volume)
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().attachDisk(vm, volume)).toBe(byId(volume))
      })
      expect(named(requests)).not.toContain('compute volume-attachments.create')
    }, libvirt))

  test('the hint is the same after update_disk and on another VM', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call().attachDisk(vm, volume)
      await driver.call().detachDisk(vm, volume)
      await driver.call().updateDisk(volume, 2048, {})
      expect(await driver.call().attachDisk(vm, volume)).toBe(byId(volume))
      await driver.call().detachDisk(vm, volume)
      expect(await driver.call().attachDisk(await givenServer(driver), volume)).toBe(byId(volume))
    }, libvirt))

  test('§1.1 disk_hint: letter brings the letters back', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const call = () => driver.call({ openstack: { disk_hint: 'letter' } })
      expect(await call().attachDisk(vm, volume)).toBe('/dev/sdb')
      expect(await call().attachDisk(vm, volume)).toBe('/dev/sdb')
    }, libvirt))
})

describe('§7.13 the device of an attached disk', () => {
  test("libvirt's name counts, not Cinder's record", () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'volume-attachments.show' },
        do: { respond: { status: 200, body: { volumeAttachment: { volumeId: volume, device: '/dev/vdx' } } } },
      })
      expect(await driver.call({ openstack: { disk_hint: 'letter' } }).attachDisk(vm, volume)).toBe('/dev/sdx')
    }))

  test("where Nova names no device, Cinder's record of it counts", () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      hideDevice(driver, vm, volume, '/dev/vdq')
      expect(await driver.call().attachDisk(vm, volume)).toBe(byId(volume))
    }))

  test('an old cloud that demands a device gets the computed one', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call().attachDisk(vm, await givenDisk(driver))
      demandDevice(driver)
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdc')
      })
      expect(requests.filter(({ operation }) => operation === attachments.operation).at(-1)?.request).toEqual({
        volumeAttachment: { volumeId: volume, device: '/dev/sdc' },
      })
    }))
})

describe('§8.1 the computed device', () => {
  test.each<[string, GivenServer, 'disk' | 'cdrom' | null, string]>([
    ['nothing takes a letter', {}, null, '/dev/sdb'],
    ['an ephemeral disk', { flavor: '11' }, null, '/dev/sdc'],
    ['a config drive that the cloud shows as a disk', { configDrive: true }, 'disk', '/dev/sdc'],
    ['a config drive that the cloud shows as a CD', { configDrive: true }, 'cdrom', '/dev/sdb'],
    ['a VM type that switches the config drive off', { configDrive: false }, 'disk', '/dev/sdb'],
    ['a VM type that switches it on, shown in a way that nobody told', { configDrive: true }, null, '/dev/sdb'],
    ['an ephemeral disk and a config drive', { configDrive: true, flavor: '11' }, 'disk', '/dev/sdd'],
  ])('goes by what Nova says of the server: %s', (_, server, config_drive, device) =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver, server)
      hideDevice(driver, vm, volume)
      expect(await driver.call({ openstack: { config_drive } }).attachDisk(vm, volume)).toBe(device)
      driver.cloud.faults.assertAllHit()
    }),
  )

  test('a flavor that is gone: letters from b on', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver, { flavor: '11' })
      hideDevice(driver, vm, volume)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'flavors.show' },
        do: {
          respond: { status: 404, body: { itemNotFound: { code: 404, message: 'Flavor 11 could not be found.' } } },
        },
      })
      expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
    }))

  test('an answer that names no flavor: letters from b on, whatever its disks', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver, { flavor: '11' })
      hideDevice(driver, vm, volume)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        do: {
          respond: { status: 200, body: { server: { id: vm, status: 'ACTIVE', flavor: { original_name: 'gone' } } } },
        },
      })
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
      })
      expect(named(requests)).not.toContain('compute flavors.show')
    }))

  test('the flavor of one server is read by its id, not looked for among all', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      hideDevice(driver, vm, volume)
      const names = named(await driver.requestsOf(() => driver.call().attachDisk(vm, volume)))
      expect(names).toContain('compute flavors.show')
      expect(names).not.toContain('compute flavors.list-detail')
    }))
})
