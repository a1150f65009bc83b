import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { givenDisk } from '../cinder-on-fake.ts'
import type { DriverOnFake } from '../driver-on-fake.ts'
import { dynamic, vip } from '../network-specs.ts'
import { tar } from '../stemcell-archive.ts'
import { givenVm, idOf, manualOn, vmRequest } from '../vm-on-fake.ts'

/** One method in one of its main variants. */
export interface Scenario {
  readonly title: string
  /** Makes what must be there before, and answers the call to look at. */
  readonly prepare: (driver: DriverOnFake) => Promise<() => Promise<unknown>>
  readonly openstack?: JsonObject
}

const small = { instance_type: 'm1.tiny' }

const createVm = (
  title: string,
  given: (driver: DriverOnFake) => Parameters<typeof vmRequest>[1],
  openstack?: JsonObject,
): Scenario => ({
  title: `create_vm, ${title}`,
  prepare: async (driver) => {
    const request = vmRequest(driver, given(driver))
    return () => driver.call().createVm(request)
  },
  ...(openstack === undefined ? {} : { openstack }),
})

const onDisk = (
  title: string,
  work: (driver: DriverOnFake, disk: Awaited<ReturnType<typeof givenDisk>>) => Promise<unknown>,
): Scenario => ({
  title,
  prepare: async (driver) => {
    const disk = await givenDisk(driver)
    return () => work(driver, disk)
  },
})

const onVm = (
  title: string,
  work: (driver: DriverOnFake, vm: Awaited<ReturnType<typeof givenVm>>['vm']) => Promise<unknown>,
): Scenario => ({
  title,
  prepare: async (driver) => {
    const { vm } = await givenVm(driver)
    return () => work(driver, vm)
  },
})

/** All methods of the contract that talk to the cloud, in its order. */
export const scenarios: readonly Scenario[] = [
  {
    title: 'create_stemcell, heavy',
    prepare: async (driver) => {
      const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-docs-'))
      const imagePath = join(folder, 'image')
      await writeFile(imagePath, gzipSync(await tar([{ name: 'root.img' }, Buffer.alloc(4096)])))
      const cloudProperties = { name: 'stemcell', version: '1', disk_format: 'raw', container_format: 'bare' }
      return async () => {
        await driver.call().createStemcell({ imagePath, cloudProperties, tags: {} })
        await rm(folder, { recursive: true })
      }
    },
  },
  {
    title: 'create_stemcell, light',
    prepare: async (driver) => {
      const image_id = idOf(driver, 'images', 'tiny-image')
      return () => driver.call().createStemcell({ imagePath: '', cloudProperties: { image_id }, tags: {} })
    },
  },
  {
    title: 'delete_stemcell',
    prepare: async (driver) => {
      const stemcell = vmRequest(driver).stemcell
      return () => driver.call().deleteStemcell(stemcell)
    },
  },
  createVm('one manual network and a key pair', () => ({})),
  createVm('one dynamic network', (driver) => ({
    networks: [dynamic('default', { cloudProperties: { net_id: idOf(driver, 'networks', 'bosh-net') } })],
  })),
  createVm(
    'two manual networks',
    (driver) => ({
      networks: [
        manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
        manualOn(driver, 'bosh-net-2', '10.20.1.7', { name: 'b', default: [] }),
      ],
    }),
    { use_dhcp: false, config_drive: 'disk' },
  ),
  createVm('from a volume', () => ({ cloudProperties: { ...small, root_disk: { size: 5 } } }), {
    boot_from_volume: true,
  }),
  createVm('with a floating IP', (driver) => ({
    networks: [
      manualOn(driver, 'bosh-net', '10.10.1.7'),
      vip('public', { ip: String(Reflect.get(driver.cloud.state()['floatingips']?.[0] ?? {}, 'floating_ip_address')) }),
    ],
  })),
  createVm('in a server group made on demand', () => ({
    cloudProperties: { ...small, server_group: { name: 'web', policy: 'soft-anti-affinity' } },
  })),
  onVm('delete_vm', (driver, vm) => driver.call().deleteVm(vm)),
  onVm('has_vm', (driver, vm) => driver.call().hasVm(vm)),
  onVm('reboot_vm', (driver, vm) => driver.call().rebootVm(vm)),
  onVm('set_vm_metadata', (driver, vm) =>
    driver.call().setVmMetadata(vm, { director: 'd', deployment: 'cf', job: 'web', index: '0' }),
  ),
  {
    title: 'calculate_vm_cloud_properties',
    prepare: async (driver) => () =>
      driver.call().calculateVmCloudProperties({ cpu: 1, ramMiB: 1024, ephemeralDiskMiB: 2048 }),
  },
  onVm('create_disk, for a VM', (driver, vm) => driver.call().createDisk({ sizeMiB: 2048, cloudProperties: {}, vm })),
  onDisk('delete_disk', (driver, disk) => driver.call().deleteDisk(disk)),
  onDisk('has_disk', (driver, disk) => driver.call().hasDisk(disk)),
  {
    title: 'attach_disk',
    prepare: async (driver) => {
      const [{ vm }, disk] = [await givenVm(driver), await givenDisk(driver)]
      return () => driver.call().attachDisk(vm, disk)
    },
  },
  {
    title: 'detach_disk',
    prepare: async (driver) => {
      const [{ vm }, disk] = [await givenVm(driver), await givenDisk(driver)]
      await driver.call().attachDisk(vm, disk)
      return () => driver.call().detachDisk(vm, disk)
    },
  },
  {
    title: 'get_disks',
    prepare: async (driver) => {
      const [{ vm }, disk] = [await givenVm(driver), await givenDisk(driver)]
      await driver.call().attachDisk(vm, disk)
      return () => driver.call().getDisks(vm)
    },
  },
  onDisk('set_disk_metadata', (driver, disk) => driver.call().setDiskMetadata(disk, { deployment: 'cf' })),
  onDisk('resize_disk', (driver, disk) => driver.call().resizeDisk(disk, 2048)),
  onDisk('update_disk, type and size', (driver, disk) => driver.call().updateDisk(disk, 2048, { type: 'fast' })),
  onDisk('snapshot_disk', (driver, disk) =>
    driver.call().snapshotDisk(disk, { deployment: 'cf', job: 'web', index: 0 }),
  ),
  {
    title: 'delete_snapshot',
    prepare: async (driver) => {
      const snapshot = await driver.call().snapshotDisk(await givenDisk(driver), {})
      return () => driver.call().deleteSnapshot(snapshot)
    },
  },
  {
    title: 'create_network',
    prepare: async (driver) => () =>
      driver.call().createNetwork({
        type: 'manual',
        cloudProperties: { router_id: idOf(driver, 'routers', 'bosh-router') },
        range: '192.168.10.0/24',
        gateway: '192.168.10.1',
      }),
  },
  {
    title: 'delete_network',
    prepare: async (driver) => {
      const { network } = await driver.call().createNetwork({
        type: 'manual',
        cloudProperties: { router_id: idOf(driver, 'routers', 'bosh-router') },
        range: '192.168.10.0/24',
        gateway: '192.168.10.1',
      })
      return () => driver.call().deleteNetwork(network)
    },
  },
]
