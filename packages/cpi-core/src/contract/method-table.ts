import { CpiError, isCpiError } from '../errors/cpi-error.ts'
import { nestedErrors } from '../errors/error-chain.ts'
import { agentId, diskCid, networkCid, snapshotCid, stemcellCid, vmCid } from '../model/cid.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import type { ArgumentReader } from './argument-reader.ts'
import type { Cpi, NetworkDefinition } from './cpi.ts'
import { type Created, driverMethod, type Method, noValue, optional, staticMethod } from './method.ts'
import {
  booleanResult,
  cidResult,
  cidsResult,
  createdNetworkResult,
  createdVmResult,
  hintResult,
  objectResult,
} from './results.ts'

const vmAt = (reader: ArgumentReader, index: number) => vmCid(reader.text(index, 'vm_cid'))
const diskAt = (reader: ArgumentReader, index: number) => diskCid(reader.text(index, 'disk_cid'))

/** What a create made, if the driver named it; without types it may have returned anything. */
const created = <C extends string>(
  what: string,
  value: C | undefined,
  remove: (cpi: Cpi, value: C) => Promise<void> | undefined,
): Created | undefined =>
  typeof value === 'string' && value !== ''
    ? { what: `${what} '${value}'`, remove: async (cpi) => remove(cpi, value) }
    : undefined

/** All methods of the contract by their wire names (contract §6). */
export const methodTable: ReadonlyMap<string, Method> = new Map<string, Method>([
  // The director refuses a CPI that does not tell its api_version, the CLI takes it for 1: all versions get it.
  ['info', staticMethod((info) => ({ api_version: info.apiVersion, stemcell_formats: info.stemcellFormats }))],
  ['ping', staticMethod(() => 'pong')],
  [
    'current_vm_id',
    staticMethod(() => {
      throw new CpiError('NotImplemented', 'current_vm_id is not implemented')
    }),
  ],
  [
    'configure_networks',
    staticMethod(() => {
      throw new CpiError('NotSupported', 'A network configuration change requires VM recreation')
    }),
  ],
  [
    'create_stemcell',
    driverMethod({
      read: (reader, apiVersion) => ({
        imagePath: reader.text(0, 'image_path'),
        cloudProperties: reader.object(1, 'cloud_properties'),
        tags: apiVersion >= 3 ? tagsOf(reader, reader.optionalObject(2, 'env')) : {},
      }),
      call: (cpi, request) => cpi.createStemcell(request),
      write: cidResult,
      created: (stemcell) => created('stemcell', stemcell, (cpi, made) => cpi.deleteStemcell(made)),
    }),
  ],
  [
    'delete_stemcell',
    driverMethod({
      read: (reader) => stemcellCid(reader.text(0, 'stemcell_cid')),
      call: (cpi, stemcell) => cpi.deleteStemcell(stemcell),
      write: noValue,
    }),
  ],
  [
    'create_vm',
    driverMethod({
      read: (reader) => ({
        agentId: agentId(reader.text(0, 'agent_id')),
        stemcell: stemcellCid(reader.text(1, 'stemcell_cid')),
        cloudProperties: reader.object(2, 'cloud_properties'),
        networks: reader.networks(3, 'networks'),
        disks: reader.optionalTexts(4, 'disk_cids').map(diskCid),
        env: reader.optionalObject(5, 'env'),
      }),
      call: async (cpi, request) => {
        try {
          return await cpi.createVm(request)
        } catch (error) {
          throw asVmCreationFailed(error)
        }
      },
      write: (result, apiVersion, request) =>
        apiVersion === 1 ? cidResult(result?.vm) : createdVmResult(result, request),
      created: (made) => created('VM', made?.vm, (cpi, vm) => cpi.deleteVm(vm)),
    }),
  ],
  ['delete_vm', driverMethod({ read: (r) => vmAt(r, 0), call: (cpi, vm) => cpi.deleteVm(vm), write: noValue })],
  ['has_vm', driverMethod({ read: (r) => vmAt(r, 0), call: (cpi, vm) => cpi.hasVm(vm), write: booleanResult })],
  ['reboot_vm', driverMethod({ read: (r) => vmAt(r, 0), call: (cpi, vm) => cpi.rebootVm(vm), write: noValue })],
  [
    'set_vm_metadata',
    driverMethod({
      read: (reader) => ({ vm: vmAt(reader, 0), metadata: reader.object(1, 'metadata') }),
      call: (cpi, { vm, metadata }) => cpi.setVmMetadata(vm, metadata),
      write: noValue,
    }),
  ],
  [
    'calculate_vm_cloud_properties',
    driverMethod({
      read: (reader) => {
        const wanted = reader.object(0, 'requirements')
        const missing = ['cpu', 'ram', 'ephemeral_disk_size'].filter((name) => (wanted[name] ?? null) === null)
        if (missing.length > 0) {
          throw reader.wrong(`Missing VM cloud properties: ${missing.map((name) => `'${name}'`).join(', ')}`)
        }
        return {
          cpu: reader.count(wanted, 'cpu'),
          ramMiB: reader.count(wanted, 'ram'),
          ephemeralDiskMiB: reader.count(wanted, 'ephemeral_disk_size'),
        }
      },
      call: (cpi, wanted) =>
        optional('calculate_vm_cloud_properties', cpi.calculateVmCloudProperties?.bind(cpi))(wanted),
      write: objectResult,
    }),
  ],
  [
    'create_disk',
    driverMethod({
      read: (reader) => {
        const vm = reader.optionalText(2, 'vm_cid')
        return {
          sizeMiB: reader.sizeMiB(0, 'size'),
          cloudProperties: reader.object(1, 'cloud_properties'),
          ...(vm === undefined ? {} : { vm: vmCid(vm) }),
        }
      },
      call: (cpi, request) => cpi.createDisk(request),
      write: cidResult,
      created: (disk) => created('disk', disk, (cpi, made) => cpi.deleteDisk(made)),
    }),
  ],
  [
    'delete_disk',
    driverMethod({ read: (r) => diskAt(r, 0), call: (cpi, disk) => cpi.deleteDisk(disk), write: noValue }),
  ],
  [
    'has_disk',
    driverMethod({ read: (r) => diskAt(r, 0), call: (cpi, disk) => cpi.hasDisk(disk), write: booleanResult }),
  ],
  [
    'attach_disk',
    driverMethod({
      read: (reader) => ({ vm: vmAt(reader, 0), disk: diskAt(reader, 1) }),
      call: (cpi, { vm, disk }) => cpi.attachDisk(vm, disk),
      write: (result, apiVersion) => (apiVersion === 1 ? null : hintResult(result)),
    }),
  ],
  [
    'detach_disk',
    driverMethod({
      read: (reader) => ({ vm: vmAt(reader, 0), disk: diskAt(reader, 1) }),
      call: (cpi, { vm, disk }) => cpi.detachDisk(vm, disk),
      write: noValue,
    }),
  ],
  [
    'resize_disk',
    driverMethod({
      read: (reader) => ({ disk: diskAt(reader, 0), sizeMiB: reader.sizeMiB(1, 'new_size') }),
      call: (cpi, { disk, sizeMiB }) => optional('resize_disk', cpi.resizeDisk?.bind(cpi))(disk, sizeMiB),
      write: noValue,
    }),
  ],
  [
    'update_disk',
    driverMethod({
      read: (reader) => ({
        disk: diskAt(reader, 0),
        sizeMiB: reader.sizeMiB(1, 'new_size'),
        cloudProperties: reader.object(2, 'cloud_properties'),
      }),
      call: (cpi, { disk, sizeMiB, cloudProperties }) =>
        optional('update_disk', cpi.updateDisk?.bind(cpi))(disk, sizeMiB, cloudProperties),
      write: (replacement) => (replacement === undefined || replacement === null ? null : cidResult(replacement)),
    }),
  ],
  [
    'set_disk_metadata',
    driverMethod({
      read: (reader) => ({ disk: diskAt(reader, 0), metadata: reader.object(1, 'metadata') }),
      call: (cpi, { disk, metadata }) => cpi.setDiskMetadata(disk, metadata),
      write: noValue,
    }),
  ],
  [
    'get_disks',
    driverMethod({
      read: (reader) => vmAt(reader, 0),
      call: (cpi, vm) => optional('get_disks', cpi.getDisks?.bind(cpi))(vm),
      write: cidsResult,
    }),
  ],
  [
    'snapshot_disk',
    driverMethod({
      read: (reader) => ({ disk: diskAt(reader, 0), metadata: reader.optionalObject(1, 'metadata') }),
      call: (cpi, { disk, metadata }) => optional('snapshot_disk', cpi.snapshotDisk?.bind(cpi))(disk, metadata),
      write: cidResult,
      created: (snapshot) => created('snapshot', snapshot, (cpi, made) => cpi.deleteSnapshot?.(made)),
    }),
  ],
  [
    'delete_snapshot',
    driverMethod({
      read: (reader) => snapshotCid(reader.text(0, 'snapshot_cid')),
      call: (cpi, snapshot) => optional('delete_snapshot', cpi.deleteSnapshot?.bind(cpi))(snapshot),
      write: noValue,
    }),
  ],
  [
    'create_network',
    driverMethod({
      read: (reader) => networkDefinition(reader, reader.object(0, 'definition')),
      call: (cpi, definition) => optional('create_network', cpi.createNetwork?.bind(cpi))(definition),
      write: createdNetworkResult,
      created: (made) => created('network', made?.network, (cpi, network) => cpi.deleteNetwork?.(network)),
    }),
  ],
  [
    'delete_network',
    driverMethod({
      read: (reader) => networkCid(reader.text(0, 'network_cid')),
      call: (cpi, network) => optional('delete_network', cpi.deleteNetwork?.bind(cpi))(network),
      write: noValue,
    }),
  ],
])

/** What the driver gave no error type is `VMCreationFailed` here, not to be retried (contract §4.2). */
const asVmCreationFailed = (error: unknown): unknown => {
  if (nestedErrors(error).some(isCpiError)) return error
  const message = error instanceof Error && error.message !== '' ? error.message : 'The VM could not be created'
  return new CpiError('VmCreationFailed', message, { cause: error })
}

/** `{"tags": {…}}` is what API v3 adds to `create_stemcell` (contract §6.2). */
const tagsOf = (reader: ArgumentReader, env: JsonObject): JsonObject => {
  const tags = env['tags'] ?? {}
  if (!isJsonObject(tags)) throw reader.wrong('tags in argument 2 (env) must be an object')
  return tags
}

const networkDefinition = (reader: ArgumentReader, definition: JsonObject): NetworkDefinition => {
  const text = (key: string): string | undefined => {
    const value = definition[key] ?? ''
    if (typeof value !== 'string') throw reader.wrong(`${key} in argument 0 (definition) must be a string`)
    return value === '' ? undefined : value
  }
  const cloudProperties = definition['cloud_properties'] ?? {}
  if (!isJsonObject(cloudProperties))
    throw reader.wrong('cloud_properties in argument 0 (definition) must be an object')
  const range = text('range')
  const gateway = text('gateway')
  const hasBits = definition['netmask_bits'] !== undefined && definition['netmask_bits'] !== null
  return {
    type: text('type') ?? 'manual',
    cloudProperties,
    ...(range === undefined ? {} : { range }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(hasBits ? { netmaskBits: reader.count(definition, 'netmask_bits') } : {}),
  }
}
