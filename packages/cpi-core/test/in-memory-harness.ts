import { diskCid, vmCid } from '../src/model/cid.ts'
import type { CpiContractHarness } from '../src/testing/contract-harness.ts'
import { InMemoryCpi } from '../src/testing/in-memory-cpi.ts'

/** The harness of an in-memory CPI, with every probe. */
export const inMemoryHarness = (cpi: InMemoryCpi = new InMemoryCpi()): CpiContractHarness => {
  const { cloud } = cpi
  const vmOf = (vm: string) => {
    const found = cloud.vms.get(vmCid(vm))
    if (found === undefined) throw new Error(`there is no VM ${vm}`)
    return found
  }
  const diskOf = (disk: string) => {
    const found = cloud.disks.get(diskCid(disk))
    if (found === undefined) throw new Error(`there is no disk ${disk}`)
    return found
  }
  const manual = { type: 'manual', ip: '10.0.0.7', netmask: '255.255.255.0', gateway: '10.0.0.1', prefix: 24 }
  return {
    createCpi: () => cpi,
    stemcell: { imagePath: '/stemcell/image', cloudProperties: { name: 'noble' } },
    vm: { cloudProperties: { size: 'small' }, networks: { b: manual, a: { type: 'vip', ip: '198.51.100.4' } } },
    disk: { sizeMiB: 1024, cloudProperties: {} },
    missingCid: 'missing-1',
    network: { type: 'manual', netmask_bits: 24, cloud_properties: {} },
    probes: {
      agentSettings: (vm) => vmOf(vm).agentSettings,
      guestDisks: (vm) => vmOf(vm).disks,
      vmMetadata: (vm) => vmOf(vm).metadata,
      diskMetadata: (disk) => diskOf(disk).metadata,
      diskSizeMiB: (disk) => diskOf(disk).sizeMiB,
      isRunning: (vm) => vmOf(vm).state === 'running',
      crashVm: (vm) => {
        vmOf(vm).state = 'crashed'
      },
      failNext: (call) => {
        cloud.failNext(call)
        return true
      },
    },
    leftovers: () => cloud.existing(),
  }
}
