import { randomBytes } from 'node:crypto'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreateVm, completeNetworks, createAgentSettings } from '@openstack-cpi/cpi-core'
import type { QemuConfig, VmProperties } from './config.ts'
import { linkInGuest, machineArguments } from './machine.ts'

/** Writes a VM's disks, but `root.img`, and its agent's settings. Returns QEMU's words, and the networks with MACs. */
export async function constructVm(
  { id, folder }: { readonly id: string; readonly folder: string },
  request: CreateVm,
  properties: VmProperties,
  agent: QemuConfig['agent'],
) {
  const { root_disk: rootMiB, ephemeral_disk: ephemeralMiB } = properties
  if (rootMiB !== undefined) await truncate(join(folder, 'root.img'), rootMiB * 2 ** 20)
  if (ephemeralMiB !== undefined) await createImage(join(folder, 'ephemeral.img'), ephemeralMiB)
  const nics = request.networks.filter(({ type }) => type !== 'vip')
  const macByNetwork = new Map(nics.map(({ name }) => [name, newMac()]))
  const networks = completeNetworks(request.networks, { useDhcp: true, macByNetwork })
  const settings = createAgentSettings({
    ...request, // its agent id, its env
    vmName: id,
    completedNetworks: networks,
    systemDisk: linkInGuest('root'),
    ephemeralDisk: ephemeralMiB === undefined ? null : linkInGuest('ephemeral'),
    config: agent,
  })
  // Where agents look on a disk with the label config-2.
  const seed = join(folder, 'seed', 'ec2', 'latest')
  await mkdir(seed, { recursive: true })
  await writeFile(join(seed, 'meta-data.json'), JSON.stringify({ 'instance-id': id }))
  await writeFile(join(seed, 'user-data'), JSON.stringify(settings), { mode: 0o600 })
  const machine = machineArguments(id, folder, properties, [...macByNetwork.values()])
  await writeFile(join(folder, 'machine.json'), JSON.stringify(machine))
  return { networks, machine }
}

/** An empty disk, which takes no room until it is written. */
export async function createImage(path: string, sizeMiB: number): Promise<void> {
  await writeFile(path, '')
  await truncate(path, sizeMiB * 2 ** 20)
}

/** A random address of the range that is free for local use. */
const newMac = (): string =>
  [0x52, 0x54, 0x00, ...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
