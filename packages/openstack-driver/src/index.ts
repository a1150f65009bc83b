import type { Cpi, OptionalMethods } from '@openstack-cpi/cpi-core'
import type { OpenStackCpiOptions } from './cpi-options.ts'
import { createDriverContext } from './create-context.ts'
import { mapError } from './errors/map-error.ts'

export type { Clock, Random } from './clock.ts'
export {
  type CheckedConfig,
  checkOpenStackConfig,
  connectionOptionNames,
  type OpenStackConfig,
  type ParsedConfig,
  parseOpenStackConfig,
} from './config/openstack-config.ts'
export type { OpenStackCpiOptions } from './cpi-options.ts'
export { createDriverContext } from './create-context.ts'
export type { DriverContext } from './driver-context.ts'
export { ExchangeError, type HttpRequest, type HttpResponse, type SendHttp } from './http/exchange.ts'
export { OpenStackError, type OpenStackErrorKind } from './http/openstack-error.ts'
export type { LoginIdentity, TokenCache } from './http/token-cache.ts'

/**
 * The CPI for OpenStack, for one call. Makes no request and loads no method before one is called. Throws `CpiError` when
 * the configuration is wrong; its methods throw `CpiError` for whatever OpenStack answers.
 */
export function createOpenStackCpi(options: OpenStackCpiOptions): Cpi & OptionalMethods {
  const ctx = createDriverContext(options)
  const run = async <R>(method: string, perform: () => Promise<R>): Promise<R> => {
    try {
      return await perform()
    } catch (error) {
      throw mapError(error, method)
    }
  }
  return {
    createStemcell: (request) =>
      run('create_stemcell', async () => (await import('./methods/create-stemcell.ts')).createStemcell(ctx, request)),
    deleteStemcell: (stemcell) =>
      run('delete_stemcell', async () => (await import('./methods/delete-stemcell.ts')).deleteStemcell(ctx, stemcell)),
    createVm: (request) =>
      run('create_vm', async () => (await import('./methods/create-vm.ts')).createVm(ctx, request)),
    deleteVm: (vm) => run('delete_vm', async () => (await import('./methods/delete-vm.ts')).deleteVm(ctx, vm)),
    hasVm: (vm) => run('has_vm', async () => (await import('./methods/has-vm.ts')).hasVm(ctx, vm)),
    rebootVm: (vm) => run('reboot_vm', async () => (await import('./methods/reboot-vm.ts')).rebootVm(ctx, vm)),
    setVmMetadata: (vm, metadata) =>
      run('set_vm_metadata', async () =>
        (await import('./methods/set-vm-metadata.ts')).setVmMetadata(ctx, vm, metadata),
      ),
    calculateVmCloudProperties: (wanted) =>
      run('calculate_vm_cloud_properties', async () =>
        (await import('./methods/calculate-vm-cloud-properties.ts')).calculateVmCloudProperties(ctx, wanted),
      ),
    createDisk: (request) =>
      run('create_disk', async () => (await import('./methods/create-disk.ts')).createDisk(ctx, request)),
    deleteDisk: (disk) =>
      run('delete_disk', async () => (await import('./methods/delete-disk.ts')).deleteDisk(ctx, disk)),
    hasDisk: (disk) => run('has_disk', async () => (await import('./methods/has-disk.ts')).hasDisk(ctx, disk)),
    attachDisk: (vm, disk) =>
      run('attach_disk', async () => (await import('./methods/attach-disk.ts')).attachDisk(ctx, vm, disk)),
    detachDisk: (vm, disk) =>
      run('detach_disk', async () => (await import('./methods/detach-disk.ts')).detachDisk(ctx, vm, disk)),
    setDiskMetadata: (disk, metadata) =>
      run('set_disk_metadata', async () =>
        (await import('./methods/set-disk-metadata.ts')).setDiskMetadata(ctx, disk, metadata),
      ),
    resizeDisk: (disk, newSizeMiB) =>
      run('resize_disk', async () => (await import('./methods/resize-disk.ts')).resizeDisk(ctx, disk, newSizeMiB)),
    updateDisk: (disk, newSizeMiB, cloudProperties) =>
      run('update_disk', async () =>
        (await import('./methods/update-disk.ts')).updateDisk(ctx, disk, newSizeMiB, cloudProperties),
      ),
    getDisks: (vm) => run('get_disks', async () => (await import('./methods/get-disks.ts')).getDisks(ctx, vm)),
    snapshotDisk: (disk, metadata) =>
      run('snapshot_disk', async () => (await import('./methods/snapshot-disk.ts')).snapshotDisk(ctx, disk, metadata)),
    deleteSnapshot: (snapshot) =>
      run('delete_snapshot', async () => (await import('./methods/delete-snapshot.ts')).deleteSnapshot(ctx, snapshot)),
    createNetwork: (definition) =>
      run('create_network', async () => (await import('./methods/create-network.ts')).createNetwork(ctx, definition)),
    deleteNetwork: (network) =>
      run('delete_network', async () => (await import('./methods/delete-network.ts')).deleteNetwork(ctx, network)),
  }
}
