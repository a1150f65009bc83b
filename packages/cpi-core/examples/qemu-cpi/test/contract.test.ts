import { type ContractOptions, describeCpiContract, describeCpiMistakes } from '@openstack-cpi/cpi-core/testing'
import { describe, test } from 'vitest'
import { contractHarness } from './cloud-on-this-machine.ts'
import { hasQemu, linuxGuest } from './linux-guest.ts'

const options: ContractOptions = {
  without: ['update_disk', 'calculate_vm_cloud_properties', 'networks'],
  timeoutMs: 600_000, // Linux boots in seconds, and in minutes on a busy machine without KVM
}

if (!hasQemu) {
  describe('CPI contract: QEMU on this machine', () => test.skip('SKIPPED: QEMU is not installed', () => undefined))
} else {
  describeCpiContract('QEMU on this machine', () => contractHarness(), options)
}

// Some minutes, so in whole matrices only: the same with guests that boot Linux, and the mistakes that the suite must find.
if (hasQemu && process.env['MATRIX'] === 'whole') {
  const linux = linuxGuest()
  if ('path' in linux) describeCpiContract('QEMU, with Linux as guest', () => contractHarness(linux.path), options)
  describeCpiMistakes('QEMU on this machine', () => contractHarness(), options)
}
