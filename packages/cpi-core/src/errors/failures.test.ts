import { expect, test } from 'vitest'
import { diskCid, networkCid, snapshotCid, vmCid } from '../model/cid.ts'
import { CpiError } from './cpi-error.ts'
import * as failures from './failures.ts'
import { toWireError } from './to-wire.ts'

const { vmNotFound, diskNotFound, networkNotFound, diskNotAttached, vmCreationFailed, noDiskSpace } = failures
const cause = new Error('why')

test.each([
  [vmNotFound(vmCid('vm-1'), { cause }), 'Bosh::Clouds::VMNotFound', "VM 'vm-1' does not exist: why"],
  [diskNotFound(diskCid('d-1')), 'Bosh::Clouds::DiskNotFound', "Disk 'd-1' does not exist"],
  [diskNotFound(snapshotCid('s-1')), 'Bosh::Clouds::DiskNotFound', "Disk 's-1' does not exist"],
  [networkNotFound(networkCid('n-1')), 'Bosh::Clouds::NetworkNotFound', "Network 'n-1' does not exist"],
  [
    diskNotAttached(diskCid('d-1'), vmCid('vm-1')),
    'Bosh::Clouds::DiskNotAttached',
    "Disk 'd-1' is not attached to VM 'vm-1'",
  ],
  [failures.notSupported('cannot shrink'), 'Bosh::Clouds::NotSupported', 'cannot shrink'],
  [failures.cloudError('refused'), 'Bosh::Clouds::CloudError', 'refused'],
])('contract §4.1 %s is %s', (error, type, message) => {
  expect(toWireError(error, (text) => text)).toEqual({ type, message, ok_to_retry: false })
})

test('contract §4.1 ok_to_retry is what a retriable failure says, and false by default', () => {
  expect(vmCreationFailed('no host', { okToRetry: true }).okToRetry).toBe(true)
  expect(vmCreationFailed('no flavor').okToRetry).toBe(false)
  expect(noDiskSpace('full', { okToRetry: true, cause }).okToRetry).toBe(true)
})

test('contract §4.1 the compiler refuses okToRetry where callers do not read it', () => {
  // @ts-expect-error a CloudError is never retried
  expect(new CpiError('CloudError', 'refused', { okToRetry: true }).okToRetry).toBe(false)
  // @ts-expect-error a missing VM is never retried
  expect(vmNotFound(vmCid('vm-1'), { okToRetry: true }).okToRetry).toBe(false)
})
