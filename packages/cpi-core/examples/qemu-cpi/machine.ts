import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Pace, waitUntil } from '@openstack-cpi/cpi-core'
import type { QemuConfig, VmProperties } from './config.ts'
import { type Execute, withQmp } from './qmp.ts'
import { unless } from './store.ts'

/** A disk of a VM. Its id is also the serial that the guest sees. */
export interface Disk {
  readonly id: string
  readonly path: string
}

export const monitorOf = (folder: string): string => join(folder, 'qmp')

/** Name of the link that udev makes in the guest: the disk's serial never changes, whatever letter the kernel gives. */
export const linkInGuest = (serial: string) => `/dev/disk/by-id/virtio-${serial}` as const

const blockNode = ({ id, path }: Disk) => ({
  driver: 'raw',
  'node-name': id,
  file: { driver: 'file', filename: path, locking: 'off' },
})
const blockDevice = ({ id }: Disk) => ({ driver: 'virtio-blk-pci', id: `dev-${id}`, drive: id, serial: id })

const diskArguments = (disk: Disk, more = {}): readonly string[] => [
  ...['-blockdev', JSON.stringify(blockNode(disk))],
  ...['-device', JSON.stringify({ ...blockDevice(disk), ...more })],
]

/**
 * The command line of a VM without its persistent disks. Pure.
 * @param folder holds `root.img`, `seed/`, and `ephemeral.img` if there is one
 * @param macs one for each NIC
 */
export function machineArguments(id: string, folder: string, vm: VmProperties, macs: readonly string[]): string[] {
  // QEMU shows a folder to the guest as a disk with a FAT file system: no tool has to make an image.
  const seed = { driver: 'vvfat', 'node-name': 'seed', dir: join(folder, 'seed'), label: 'config-2', 'read-only': true }
  const ephemeral = { id: 'ephemeral', path: join(folder, 'ephemeral.img') }
  return [
    ...['-name', id, '-nodefaults', '-no-user-config', '-display', 'none', '-daemonize'],
    ...['-m', `${vm.memory}`, '-smp', `${vm.cpus}`, '-pidfile', join(folder, 'pid')],
    ...['-qmp', `unix:${monitorOf(folder)},server=on,wait=off`],
    ...['-serial', 'chardev:log', '-chardev', `file,id=log,append=on,path=${join(folder, 'console.log')}`],
    ...diskArguments({ id: 'root', path: join(folder, 'root.img') }, { bootindex: 0 }),
    ...(vm.ephemeral_disk === undefined ? [] : diskArguments(ephemeral)),
    ...['-blockdev', JSON.stringify(seed), '-device', JSON.stringify({ driver: 'virtio-blk-pci', drive: 'seed' })],
    ...macs.flatMap((mac, index) => [
      ...['-netdev', `user,id=net${index},restrict=on`],
      ...['-device', `virtio-net-pci,netdev=net${index},mac=${mac}`],
    ]),
  ]
}

/** Starts a VM with its disks. It ends with this process, until the result releases it. Throws with QEMU's own words. */
export async function startMachine(config: QemuConfig, folder: string, machine: readonly string[], disks: Disk[] = []) {
  const words = [...machine, '-accel', config.accelerator, ...disks.flatMap((disk) => diskArguments(disk))]
  // The shell waits for a word of this process. One that is killed closes the pipe without it, and the shell ends the VM.
  const start = '"$@" </dev/null || { echo failed; exit; }; exec >&- 2>&-; read -r word || kill -9 "$(cat "$0/pid")"'
  const shell = spawn('/bin/sh', ['-c', start, folder, config.qemu, ...words], { detached: true })
  const [failed, problem] = await Promise.all([text(shell.stdout), text(shell.stderr)])
  if (failed !== '') throw new Error(`QEMU did not start: ${problem.trim()}`)
  return async (): Promise<void> => {
    shell.stdin.end('release\n')
    await once(shell, 'exit')
  }
}

/** The process of a VM; found by its command line, since a file with its number may be missing or outdated. */
export async function processOf(id: string): Promise<number | undefined> {
  for (const entry of await readdir('/proc')) {
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '') // no process, or one that has ended
    if (command.split('\0', 3).slice(1).join(' ') === `-name ${id}`) return Number(entry)
  }
  return undefined
}

/** Ends the process of a VM, however it is doing, and waits until it is gone. A VM that does not run is a success. */
export const killMachine = (id: string, pace: Pace): Promise<void> =>
  waitUntil(pace, {
    what: `Process of VM '${id}'`,
    target: 'gone',
    holds: async () => {
      const pid = await processOf(id)
      if (pid !== undefined) await unless('ESRCH', () => process.kill(pid, 'SIGKILL'))
      return pid === undefined
    },
  })

/** Adds a disk to a running VM; one that is there already is a success. */
export async function plugDisk(folder: string, disk: Disk, signal: AbortSignal): Promise<void> {
  await withQmp(monitorOf(folder), signal, async (execute) => {
    if (await hasDevice(execute, disk.id)) return
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
export const unplugDisk = (folder: string, id: string, pace: Pace): Promise<void> =>
  withQmp(monitorOf(folder), pace.signal, (execute) =>
    waitUntil(pace, { what: `Disk '${id}'`, target: 'released by the guest', holds: () => isReleased(execute, id) }),
  )

async function isReleased(execute: Execute, id: string): Promise<boolean> {
  if (await hasDevice(execute, id)) {
    // Again and again: a guest that is still booting does not hear the first request.
    await unless(/in the process of unplug|not found/, () => execute('device_del', { id: `dev-${id}` }))
    return false
  }
  // QEMU may need a moment after the guest before it lets the file go.
  return (await unless(/is in use/, () => execute('blockdev-del', { 'node-name': id }))) !== undefined
}

async function hasDevice(execute: Execute, id: string): Promise<boolean> {
  const devices = (await execute('qom-list', { path: '/machine/peripheral' })) as readonly { readonly name: string }[]
  return devices.some(({ name }) => name === `dev-${id}`)
}
