import type { VmCid } from '../../src/model/cid.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { InMemoryCpi } from '../../src/testing/in-memory-cpi.ts'
import { asNoError, type Mistake, override } from './mistake.ts'

/** Mistakes in the other methods for VMs. */
export const vmMistakes: readonly Mistake[] = [
  [
    'set_vm_metadata replaces the metadata',
    (cpi) =>
      override(cpi, {
        setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
          await InMemoryCpi.prototype.setVmMetadata.call(cpi, vm, metadata)
          const found = cpi.cloud.vms.get(vm)
          if (found !== undefined) found.metadata = metadata
        },
      }),
  ],
  [
    'set_vm_metadata fails for a null value',
    (cpi) =>
      override(cpi, {
        setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
          if (Object.values(metadata).includes(null)) throw new TypeError('cannot read properties of null')
          await InMemoryCpi.prototype.setVmMetadata.call(cpi, vm, metadata)
        },
      }),
  ],
  [
    'has_vm is false on an I/O error',
    (cpi) => {
      const has = cpi.hasVm.bind(cpi)
      cpi.hasVm = (vm) => asNoError(() => has(vm), false)
    },
  ],
  [
    'a crashed VM cannot be deleted',
    (cpi) => {
      const remove = cpi.deleteVm.bind(cpi)
      cpi.deleteVm = async (vm) => {
        if (cpi.cloud.vms.get(vm)?.state === 'crashed') throw new Error('connection refused')
        await remove(vm)
      }
    },
  ],
  [
    'has_vm is false for a crashed VM',
    (cpi) => {
      const has = cpi.hasVm.bind(cpi)
      cpi.hasVm = async (vm) => (await has(vm)) && cpi.cloud.vms.get(vm)?.state === 'running'
    },
  ],
  [
    'a crashed VM cannot be rebooted',
    (cpi) => {
      const reboot = cpi.rebootVm.bind(cpi)
      cpi.rebootVm = async (vm) => {
        if (cpi.cloud.vms.get(vm)?.state === 'crashed') throw new Error('it does not run')
        await reboot(vm)
      }
    },
  ],
  ['has_vm is true after the deletion', (cpi) => override(cpi, { hasVm: async () => true })],
  ['has_vm is no boolean', (cpi) => override(cpi, { hasVm: async () => 'yes' })],
  [
    'delete_vm answers before the VM is gone',
    (cpi) => {
      const remove = cpi.deleteVm.bind(cpi)
      cpi.deleteVm = async (vm) => void setImmediate(() => remove(vm).catch(() => undefined))
    },
  ],
  [
    'delete_vm succeeds although the cloud refused',
    (cpi) => {
      const remove = cpi.deleteVm.bind(cpi)
      cpi.deleteVm = (vm) => asNoError(() => remove(vm), undefined)
    },
  ],
  ['delete_vm deletes all VMs', (cpi) => override(cpi, { deleteVm: async () => cpi.cloud.vms.clear() })],
  [
    'delete_vm deletes the attached disks',
    (cpi) => {
      const remove = cpi.deleteVm.bind(cpi)
      cpi.deleteVm = async (vm) => {
        for (const disk of cpi.cloud.vms.get(vm)?.disks ?? []) cpi.cloud.disks.delete(disk)
        await remove(vm)
      }
    },
  ],
]
