import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Pace, waitFor, waiting } from '@openstack-cpi/cpi-core'
import type { QemuConfig } from './config.ts'
import { type Execute, QmpError, withQmp } from './qmp.ts'

/** A VM as QEMU is told to run it. */
export interface Machine {
  readonly id: string
  /** Holds `root.img`, `seed/`, `console.log`, the monitor's socket, and `ephemeral.img` if there is one. */
  readonly folder: string
  readonly memoryMiB: number
  readonly cpus: number
  readonly hasEphemeralDisk: boolean
  /** One NIC each. */
  readonly macs: readonly string[]
  readonly disks: readonly AttachedDisk[]
}

export interface AttachedDisk {
  /** Also the serial that the guest sees. */
  readonly id: string
  readonly path: string
}

export const monitorOf = (folder: string): string => join(folder, 'qmp')

/** Name of the link that udev makes in the guest: the disk's serial never changes, whatever letter the kernel gives. */
export const linkInGuest = (serial: string): string => `/dev/disk/by-id/virtio-${serial}`

const blockNode = ({ id, path }: AttachedDisk) => ({
  driver: 'raw',
  'node-name': id,
  file: { driver: 'file', filename: path, locking: 'off' },
})
const blockDevice = ({ id }: AttachedDisk) => ({ driver: 'virtio-blk-pci', id: `dev-${id}`, drive: id, serial: id })

/** The command line, without the program. Pure. */
export function machineArguments(machine: Machine, accelerator: string): readonly string[] {
  const { id, folder, hasEphemeralDisk } = machine
  const disks: readonly AttachedDisk[] = [
    { id: 'root', path: join(folder, 'root.img') },
    ...(hasEphemeralDisk ? [{ id: 'ephemeral', path: join(folder, 'ephemeral.img') }] : []),
    ...machine.disks,
  ]
  // QEMU shows a folder to the guest as a disk with a FAT file system: no tool has to make an image.
  const seed = { driver: 'vvfat', 'node-name': 'seed', dir: join(folder, 'seed'), label: 'config-2', 'read-only': true }
  return [
    ...['-name', id, '-nodefaults', '-no-user-config', '-display', 'none', '-daemonize'],
    ...['-accel', accelerator, '-m', `${machine.memoryMiB}`, '-smp', `${machine.cpus}`],
    ...['-qmp', `unix:${monitorOf(folder)},server=on,wait=off`, '-serial', `file:${join(folder, 'console.log')}`],
    ...disks.flatMap((disk) => [
      ...['-blockdev', JSON.stringify(blockNode(disk))],
      ...['-device', JSON.stringify({ ...blockDevice(disk), ...(disk.id === 'root' ? { bootindex: 0 } : {}) })],
    ]),
    ...['-blockdev', JSON.stringify(seed), '-device', JSON.stringify({ driver: 'virtio-blk-pci', drive: 'seed' })],
    ...machine.macs.flatMap((mac, index) => [
      ...['-netdev', `user,id=net${index},restrict=on`],
      ...['-device', `virtio-net-pci,netdev=net${index},mac=${mac}`],
    ]),
  ]
}

/** Starts a VM. It outlives this process. Throws with QEMU's own words. */
export async function startMachine({ qemu, accelerator }: QemuConfig, machine: Machine): Promise<void> {
  try {
    await promisify(execFile)(qemu, [...machineArguments(machine, accelerator)])
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new Error(`QEMU did not start VM '${machine.id}': ${words === '' ? String(cause) : words}`, { cause })
  }
}

/** The process of a VM; found by its command line, since a file with its number may be missing or outdated. */
export async function processOf(id: string): Promise<number | undefined> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const command = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).split('\0') // it may just have ended
    if (command[1] === '-name' && command[2] === id) return Number(entry)
  }
  return undefined
}

/** Ends the process of a VM, however it is doing, and waits until it is gone. A VM that does not run is a success. */
export async function killMachine(id: string, pace: Pace): Promise<void> {
  await waitFor<number, void>(pace, {
    what: `Process of VM '${id}'`,
    target: 'gone',
    mayHoldAlready: true,
    poll: () => processOf(id),
    state: () => 'running',
    classify: (pid) => {
      kill(pid)
      return waiting
    },
    whenGone: () => undefined,
  })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Adds a disk to a running VM; one that is there already is a success. */
export async function plugDisk(folder: string, disk: AttachedDisk, signal: AbortSignal): Promise<void> {
  await withQmp(monitorOf(folder), signal, async (execute) => {
    if ((await devices(execute)).has(`dev-${disk.id}`)) return
    await execute('blockdev-add', blockNode(disk))
    try {
      await execute('device_add', blockDevice(disk))
    } catch (error) {
      await execute('blockdev-del', { 'node-name': disk.id })
      throw error
    }
  })
}

/** Takes a disk from a running VM. The guest has to release it: it is asked until it does, or until the time-out. */
export async function unplugDisk(folder: string, id: string, pace: Pace): Promise<void> {
  await withQmp(monitorOf(folder), pace.signal, async (execute) => {
    await waitFor<true, void>(pace, {
      what: `Disk '${id}'`,
      target: 'released by the guest',
      mayHoldAlready: true,
      poll: async () => ((await isReleased(execute, id)) ? undefined : true),
      state: () => 'in use',
      classify: () => waiting,
      whenGone: () => undefined,
    })
  })
}

/** Asks the guest once more, since one that is still booting does not hear the first request. */
async function isReleased(execute: Execute, id: string): Promise<boolean> {
  if ((await devices(execute)).has(`dev-${id}`)) {
    await unless(/in the process of unplug|not found/, execute('device_del', { id: `dev-${id}` }))
    return false
  }
  // QEMU may need a moment after the guest before it lets the file go.
  return await unless(/is in use/, execute('blockdev-del', { 'node-name': id }))
}

/** False when QEMU refused with these words, which mean that it takes longer. */
async function unless(words: RegExp, command: Promise<unknown>): Promise<boolean> {
  try {
    await command
    return true
  } catch (error) {
    if (error instanceof QmpError && words.test(error.message)) return false
    throw error
  }
}

async function devices(execute: Execute): Promise<ReadonlySet<string>> {
  const list = (await execute('qom-list', { path: '/machine/peripheral' })) as readonly { readonly name: string }[]
  return new Set(list.map(({ name }) => name))
}
