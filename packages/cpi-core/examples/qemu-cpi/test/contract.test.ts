import { type ContractOptions, describeCpiContract, describeCpiMistakes } from '@openstack-cpi/cpi-core/testing'
import { describe, test } from 'vitest'
import { contractHarness } from './cloud-on-this-machine.ts'
import { guestImage } from './guest-image.ts'

const image = guestImage()

const options: ContractOptions = {
  without: ['update_disk', 'calculate_vm_cloud_properties', 'networks'],
  timeoutMs: 600_000, // guests boot in seconds, and in minutes on a busy machine without KVM
}

if ('missing' in image) {
  describe('CPI contract: QEMU on this machine', () => test.skip(`SKIPPED: ${image.missing}`, () => undefined))
} else {
  describeCpiContract('QEMU on this machine', () => contractHarness(image.path), options)
  // Some minutes: is the suite able to find mistakes in this CPI?
  if (process.env['CPI_MISTAKES']) {
    describeCpiMistakes('QEMU on this machine', () => contractHarness(image.path), options)
  }
}
