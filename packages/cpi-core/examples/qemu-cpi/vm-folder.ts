import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreateVm, completeNetworks, createAgentSettings, type JsonObject } from '@openstack-cpi/cpi-core'
import { attachedDisks } from './attachments.ts'
import { type QemuConfig, readVmProperties } from './config.ts'
import { linkInGuest, type Machine } from './machine.ts'
import type { Store } from './store.ts'

/** What a VM is constructed from. */
export interface VmParts {
  readonly vm: string
  readonly folder: string
  /** The stemcell's image. */
  readonly image: string
  readonly request: CreateVm
  readonly config: QemuConfig
  readonly store: Store
}

/** How a VM is run, kept in its folder so that a crashed one can be started again. */
interface VmRecord {
  readonly memoryMiB: number
  readonly cpus: number
  readonly hasEphemeralDisk: boolean
  readonly macs: readonly string[]
}

/**
 * Writes a VM's folder: its disks, what the agent is told, how it is run.
 * @returns the networks completed with the MAC of each NIC, as `create_vm` answers them
 */
export async function constructVm({ vm, folder, image, request, config, store }: VmParts): Promise<JsonObject> {
  const { memory, cpus, ephemeral_disk: ephemeralMiB, root_disk: rootMiB } = readVmProperties(request.cloudProperties)
  await copyFile(image, join(folder, 'root.img'))
  if (rootMiB !== undefined) await truncate(join(folder, 'root.img'), rootMiB * 2 ** 20)
  if (ephemeralMiB !== undefined) {
    await writeFile(join(folder, 'ephemeral.img'), '')
    await truncate(join(folder, 'ephemeral.img'), ephemeralMiB * 2 ** 20)
  }
  const nics = request.networks.filter(({ type }) => type !== 'vip')
  const macByNetwork = new Map(nics.map(({ name }) => [name, newMac()]))
  const networks = completeNetworks(request.networks, { useDhcp: true, macByNetwork })
  const settings = createAgentSettings({
    vmName: vm,
    agentId: request.agentId,
    networks: request.networks,
    completedNetworks: networks,
    systemDisk: linkInGuest('root'),
    ephemeralDisk: ephemeralMiB === undefined ? null : linkInGuest('ephemeral'),
    env: request.env,
    config: config.agent,
  })
  // Where agents look on a disk with the label config-2.
  const seed = join(folder, 'seed', 'ec2', 'latest')
  await mkdir(seed, { recursive: true })
  await store.writeJson(join(seed, 'meta-data.json'), { 'instance-id': vm })
  await store.writeJson(join(seed, 'user-data'), settings)
  const record: VmRecord = {
    memoryMiB: memory,
    cpus,
    hasEphemeralDisk: ephemeralMiB !== undefined,
    macs: [...macByNetwork.values()],
  }
  await store.writeJson(join(folder, 'vm.json'), { ...record })
  await store.writeJson(join(folder, 'metadata.json'), {})
  return networks
}

/** The machine that a VM's folder describes, with the disks that are attached to it. */
export async function readMachine(store: Store, vm: string, folder: string): Promise<Machine> {
  const record = (await store.readJson(join(folder, 'vm.json'))) as object as VmRecord // written above
  const disks = (await attachedDisks(store, vm)).map((id) => ({ id, path: store.path('disk', id, 'image') }))
  return { id: vm, folder, ...record, disks }
}

/** A random address of the range that is free for local use. */
const newMac = (): string =>
  [0x52, 0x54, 0x00, ...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
