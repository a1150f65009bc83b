import type { Cpi, OptionalMethods } from '@openstack-cpi/cpi-core'
import type { OpenStackCpiOptions } from './create-context.ts'
import { createDriverContext } from './create-context.ts'
import { mapError } from './errors/map-error.ts'
import { attachDisk } from './methods/attach-disk.ts'
import { calculateVmCloudProperties } from './methods/calculate-vm-cloud-properties.ts'
import { createDisk } from './methods/create-disk.ts'
import { createNetwork } from './methods/create-network.ts'
import { createVm } from './methods/create-vm.ts'
import { deleteDisk } from './methods/delete-disk.ts'
import { deleteNetwork } from './methods/delete-network.ts'
import { deleteSnapshot } from './methods/delete-snapshot.ts'
import { deleteStemcell } from './methods/delete-stemcell.ts'
import { deleteVm } from './methods/delete-vm.ts'
import { detachDisk } from './methods/detach-disk.ts'
import { getDisks } from './methods/get-disks.ts'
import { hasDisk } from './methods/has-disk.ts'
import { hasVm } from './methods/has-vm.ts'
import { rebootVm } from './methods/reboot-vm.ts'
import { resizeDisk } from './methods/resize-disk.ts'
import { setDiskMetadata } from './methods/set-disk-metadata.ts'
import { setVmMetadata } from './methods/set-vm-metadata.ts'
import { snapshotDisk } from './methods/snapshot-disk.ts'
import { updateDisk } from './methods/update-disk.ts'

export type { Clock, Random } from './clock.ts'
export {
  type CheckedConfig,
  checkOpenStackConfig,
  type OpenStackConfig,
  type ParsedConfig,
  parseOpenStackConfig,
} from './config/openstack-config.ts'
export { createDriverContext, type OpenStackCpiOptions } from './create-context.ts'
export type { DriverContext } from './driver-context.ts'
export { assumedRegion, offers } from './http/catalog.ts'
export { ExchangeError, type HttpRequest, type HttpResponse, type SendHttp } from './http/exchange.ts'
export { OpenStackError, type OpenStackErrorKind } from './http/openstack-error.ts'
export type { LoginIdentity, TokenCache } from './http/token.ts'
export { securityGroupIds } from './methods/create-vm/find-by-name.ts'
export {
  type AboutToAnswer,
  type PendingResult,
  type PendingResultKind,
  type PendingResultRecord,
  type PendingResults,
  pendingResultKey,
} from './pending-results.ts'
export { busesRefusedForEphemeralDisks } from './planning/disk-names.ts'
export {
  type FlavorFacts,
  flavorNamed,
  hasFittingEphemeralDisk,
  neededEphemeralGiB,
  toFlavorFacts,
} from './planning/flavors.ts'

/**
 * The CPI for OpenStack, for one call. Makes no request before a method is called. Methods are loaded together, as thirty
 * files cost more than the code in them; what reads archives comes only with `create_stemcell`. Throws `CpiError` when
 * the configuration is wrong; its methods throw `CpiError` for every error of OpenStack.
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
    deleteStemcell: (stemcell) => run('delete_stemcell', () => deleteStemcell(ctx, stemcell)),
    createVm: (request) => run('create_vm', () => createVm(ctx, request)),
    deleteVm: (vm) => run('delete_vm', () => deleteVm(ctx, vm)),
    hasVm: (vm) => run('has_vm', () => hasVm(ctx, vm)),
    rebootVm: (vm) => run('reboot_vm', () => rebootVm(ctx, vm)),
    setVmMetadata: (vm, metadata) => run('set_vm_metadata', () => setVmMetadata(ctx, vm, metadata)),
    calculateVmCloudProperties: (wanted) =>
      run('calculate_vm_cloud_properties', () => calculateVmCloudProperties(ctx, wanted)),
    createDisk: (request) => run('create_disk', () => createDisk(ctx, request)),
    deleteDisk: (disk) => run('delete_disk', () => deleteDisk(ctx, disk)),
    hasDisk: (disk) => run('has_disk', () => hasDisk(ctx, disk)),
    attachDisk: (vm, disk) => run('attach_disk', () => attachDisk(ctx, vm, disk)),
    detachDisk: (vm, disk) => run('detach_disk', () => detachDisk(ctx, vm, disk)),
    setDiskMetadata: (disk, metadata) => run('set_disk_metadata', () => setDiskMetadata(ctx, disk, metadata)),
    resizeDisk: (disk, newSizeMiB) => run('resize_disk', () => resizeDisk(ctx, disk, newSizeMiB)),
    updateDisk: (disk, newSizeMiB, cloudProperties) =>
      run('update_disk', () => updateDisk(ctx, disk, newSizeMiB, cloudProperties)),
    getDisks: (vm) => run('get_disks', () => getDisks(ctx, vm)),
    snapshotDisk: (disk, metadata) => run('snapshot_disk', () => snapshotDisk(ctx, disk, metadata)),
    deleteSnapshot: (snapshot) => run('delete_snapshot', () => deleteSnapshot(ctx, snapshot)),
    createNetwork: (definition) => run('create_network', () => createNetwork(ctx, definition)),
    deleteNetwork: (network) => run('delete_network', () => deleteNetwork(ctx, network)),
  }
}
