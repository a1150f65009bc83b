import type { DiskCid, NetworkCid, SnapshotCid, VmCid } from '../model/cid.ts'
import { CpiError, type CpiErrorOptions } from './cpi-error.ts'

// One constructor per failure of contract §4.1, so that no code and no sentence has to be looked up.

type Cause = Pick<CpiErrorOptions, 'cause'>

/** The VM of the call does not exist. `delete_vm` succeeds instead. */
export const vmNotFound = (vm: VmCid, options: Cause = {}): CpiError<'VmNotFound'> =>
  new CpiError('VmNotFound', `VM '${vm}' does not exist`, options)

/** The disk or snapshot of the call does not exist. Deletions succeed instead. */
export const diskNotFound = (disk: DiskCid | SnapshotCid, options: Cause = {}): CpiError<'DiskNotFound'> =>
  new CpiError('DiskNotFound', `Disk '${disk}' does not exist`, options)

/** The managed network of the call does not exist. */
export const networkNotFound = (network: NetworkCid, options: Cause = {}): CpiError<'NetworkNotFound'> =>
  new CpiError('NetworkNotFound', `Network '${network}' does not exist`, options)

/** The disk is not attached to this VM. `detach_disk` succeeds instead (contract §6.14). */
export const diskNotAttached = (disk: DiskCid, vm: VmCid, options: Cause = {}): CpiError<'DiskNotAttached'> =>
  new CpiError('DiskNotAttached', `Disk '${disk}' is not attached to VM '${vm}'`, options)

/**
 * `create_vm` failed and left nothing behind. With `okToRetry: true` the director sends the same request again: only when
 * that may succeed.
 */
export const vmCreationFailed = (
  message: string,
  options: CpiErrorOptions<'VmCreationFailed'> = {},
): CpiError<'VmCreationFailed'> => new CpiError('VmCreationFailed', message, options)

/** The storage or its quota is exhausted. */
export const noDiskSpace = (message: string, options: CpiErrorOptions<'NoDiskSpace'> = {}): CpiError<'NoDiskSpace'> =>
  new CpiError('NoDiskSpace', message, options)

/** The method is known, but not for these arguments: `resize_disk` and `update_disk` then fall back to copying. */
export const notSupported = (message: string, options: Cause = {}): CpiError<'NotSupported'> =>
  new CpiError('NotSupported', message, options)

/** Any other failure of the cloud. Say which object, which step, and what the operator can do. */
export const cloudError = (message: string, options: Cause = {}): CpiError<'CloudError'> =>
  new CpiError('CloudError', message, options)
