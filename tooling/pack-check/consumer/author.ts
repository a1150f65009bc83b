// What the author of a CPI writes, and the mistakes in it that the compiler has to find.
import {
  type Cpi,
  type CpiCall,
  CpiError,
  type CreateVm,
  completeNetworks,
  createDispatcher,
  devicePath,
  diskCid,
  diskNotFound,
  type OptionalMethods,
  readProperties,
  type StandardSchema,
  stemcellCid,
  vmCid,
  vmCreationFailed,
  vmNotFound,
  waitUntil,
  withRollback,
} from '@openstack-cpi/cpi-core'
import { createCpiClient, createTestCall } from '@openstack-cpi/cpi-core/client'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/in-memory-cpi'
import { isProcessRunning, processIdentity, runCpi } from '@openstack-cpi/cpi-core/node'

const correct = (call: CpiCall): Cpi => ({
  createStemcell: async ({ imagePath }) => stemcellCid(imagePath),
  deleteStemcell: async () => undefined,
  createVm: ({ networks }) =>
    withRollback(call, async (rollback) => {
      rollback.add('VM vm-1', async () => undefined)
      return { vm: vmCid('vm-1'), networks: completeNetworks(networks, { useDhcp: true }) }
    }),
  deleteVm: (vm) =>
    waitUntil(
      { log: call.log, signal: call.signal, timeoutMs: 1000, pollIntervalMs: 100 },
      { what: `VM '${vm}'`, target: 'gone', holds: async () => true },
    ),
  hasVm: async () => false,
  rebootVm: async (vm) => {
    throw vmNotFound(vm)
  },
  setVmMetadata: async () => undefined,
  createDisk: async ({ sizeMiB }) => diskCid(`disk-${sizeMiB}`),
  deleteDisk: async () => undefined,
  hasDisk: async () => false,
  attachDisk: async (_vm, disk) => devicePath(`/dev/disk/by-id/${disk}`),
  detachDisk: async () => undefined,
  setDiskMetadata: async (disk) => {
    throw diskNotFound(disk)
  },
})
const schema: StandardSchema<{ cpus: number }> = {
  '~standard': { version: 1, vendor: 'author', validate: () => ({ value: { cpus: 1 } }) },
}
export const cpus = readProperties(schema, {}, { what: 'VM cloud properties', code: 'VmCreationFailed' }).cpus
export const dispatcher = createDispatcher({ info: { apiVersion: 3, stemcellFormats: [] }, createCpi: correct })
export const program = () =>
  runCpi({
    name: 'author-cpi',
    version: '1',
    info: { apiVersion: 2, stemcellFormats: [] },
    readConfig: () => ({}),
    createCpi: correct,
  })

// @ts-expect-error director and agent need the networks
export const noNetworks: Cpi['createVm'] = async () => ({ vm: vmCid('vm-1') })
// @ts-expect-error the name of a method is misspelt
export const misspelt: Cpi = { ...correct(createTestCall()), getdisks: async () => [] }
// @ts-expect-error all methods but the optional ones are needed
export class WithoutHasVm implements Cpi {
  createStemcell = correct(createTestCall()).createStemcell
}
// @ts-expect-error there is no such error
export const unknownError = new CpiError('VmGone', 'gone')
// @ts-expect-error a text is no CID
export const text: Cpi['createDisk'] = async () => 'disk-1'
// @ts-expect-error the CID of a VM is none of a disk
export const otherCid: Cpi['createDisk'] = async () => vmCid('vm-1')
// @ts-expect-error a size has its unit in its name
export const size: Cpi['createDisk'] = async ({ size: wanted }) => diskCid(`disk-${wanted}`)
// @ts-expect-error it exists or it does not
export const maybe: Cpi['hasVm'] = async () => undefined
// @ts-expect-error the CIDs, not the disks
export const disks: OptionalMethods['getDisks'] = async () => [{ id: 'disk-1' }]
// @ts-expect-error there is no version 4
export const version = createDispatcher({ info: { apiVersion: 4, stemcellFormats: [] }, createCpi: correct })
// @ts-expect-error an undo that is not async would not be waited for
export const undo = withRollback(createTestCall(), async (rollback) => rollback.add('VM', () => 1))
// @ts-expect-error a step for after the answer must not have begun
export const begun = (call: CpiCall) => call.afterAnswer(Promise.resolve())
// @ts-expect-error properties of create_vm fail with VmCreationFailed, others with CloudError
export const code = readProperties(schema, {}, { what: 'VM', code: 'VmNotFound' })
export const retriedCreation = (request: CreateVm) => vmCreationFailed(request.agentId, { okToRetry: true })

const client = createCpiClient(() => new InMemoryCpi())
process.stdout.write(`${await client.call('has_disk', ['disk-1'])} ${isProcessRunning(processIdentity())}\n`)
