import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CpiCall, JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiContractHarness } from '@openstack-cpi/cpi-core/testing'
import { readConfig } from '../config.ts'
import { monitorOf, processOf } from '../machine.ts'
import { openQemuCpi } from '../qemu-cpi.ts'
import { withQmp } from '../qmp.ts'
import { type Kind, Store, unless } from '../store.ts'
import { writeSmallGuest } from './small-guest.ts'

const kinds: readonly Kind[] = ['stemcell', 'vm', 'disk', 'snapshot']

/** A CID in the form of this cloud that names nothing. */
export const missingCid = 'd-1-1-aaaa'

/** A cloud of its own for one test: a folder, and the processes that run from it. */
export interface MachineCloud {
  readonly store: Store
  readonly configFile: string
  readonly config: JsonObject
  /** A stemcell's image: a guest that starts immediately and releases disks. */
  readonly smallGuest: string
  createCpi(call: CpiCall): ReturnType<typeof openQemuCpi>
  /** The next VM does not start. */
  failNextStart(): void
  /** During the next call the folder of this kind cannot be read. */
  failNextRead(kind: Kind): void
  /** Everything there is: folders, unfinished ones too, and processes. */
  existing(): Promise<readonly string[]>
  /** The processes of VMs, and those that start them. */
  processes(): Promise<readonly number[]>
  /** What the guest has written on its console, as JSON lines. */
  console(vm: string): readonly JsonObject[]
  /** Ends the VMs and removes everything. */
  close(): Promise<void>
}

export function openCloud(): MachineCloud {
  const root = mkdtempSync(join(tmpdir(), 'qemu-cpi-'))
  const failure = join(root, 'fail')
  const qemu = join(root, 'qemu')
  // QEMU itself, but for the one start that a test wants to fail.
  writeFileSync(
    qemu,
    `#!/bin/sh\nif rm "${failure}" 2>/dev/null; then echo "no memory for this VM" >&2; exit 1; fi\nexec qemu-system-x86_64 "$@"\n`,
    { mode: 0o755 },
  )
  const config = { folder: join(root, 'cloud'), qemu, timeout: 300 }
  const configFile = join(root, 'config.json')
  writeFileSync(configFile, JSON.stringify(config))
  const store = new Store(config.folder)
  const smallGuest = join(root, 'guest.img')
  writeSmallGuest(smallGuest)
  let unreadable: Kind | undefined
  const folderOf = (kind: Kind): string => join(config.folder, kind)
  /** A file where a folder was: what fails is not that something is missing. */
  const hide = (kind: Kind): void => {
    renameSync(folderOf(kind), `${folderOf(kind)}.away`)
    writeFileSync(folderOf(kind), '')
  }
  const showAgain = (kind: Kind): void => {
    rmSync(folderOf(kind))
    renameSync(`${folderOf(kind)}.away`, folderOf(kind))
  }
  return {
    store,
    config,
    configFile,
    smallGuest,
    createCpi: async (call) => {
      for (const kind of kinds) if (existsSync(`${folderOf(kind)}.away`)) showAgain(kind)
      const cpi = await openQemuCpi(call, readConfig(config, call))
      if (unreadable !== undefined) hide(unreadable)
      unreadable = undefined
      return cpi
    },
    failNextStart: () => writeFileSync(failure, ''),
    failNextRead: (kind) => {
      unreadable = kind
    },
    existing: async () => {
      const found: string[] = []
      for (const kind of kinds) {
        const ids = (await unless('ENOENT', () => readdir(join(config.folder, kind)))) ?? []
        found.push(...ids.map((id) => `${kind} ${id}`))
      }
      return [...found, ...(await processesIn(config.folder)).map((pid) => `process ${pid}`)]
    },
    processes: () => processesIn(config.folder),
    console: (vm) =>
      readFileSync(store.path('vm', vm, 'console.log'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{') && line.trimEnd().endsWith('}'))
        .map((line) => JSON.parse(line)),
    close: async () => {
      for (const pid of await processesIn(config.folder)) await unless('ESRCH', () => process.kill(pid, 'SIGKILL'))
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function processesIn(folder: string): Promise<readonly number[]> {
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    let command = ''
    let status = ''
    try {
      command = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
      status = readFileSync(`/proc/${entry}/status`, 'utf8')
    } catch {
      continue // it has just ended
    }
    if (!command.includes('\0-name\0') || !command.includes(`${folder}/`)) continue
    // The shell of a call that failed in this process, and not in one of its own, ends with this one.
    if (!status.includes(`\nPPid:\t${process.pid}\n`)) found.push(Number(entry))
  }
  return found
}

/** What the contract suite needs to test the CPI on a cloud of its own, with this image or the small guest. */
export function contractHarness(imagePath?: string): CpiContractHarness {
  const cloud = openCloud()
  const { store, smallGuest } = cloud
  const read = (kind: Kind, id: string, ...rest: string[]): JsonObject =>
    JSON.parse(readFileSync(store.path(kind, id, ...rest), 'utf8'))
  const metadataOf = (kind: Kind, id: string) => read(kind, id, 'entry.json')['metadata'] as JsonObject
  return {
    createCpi: (call) => cloud.createCpi(call),
    stemcell: { imagePath: imagePath ?? smallGuest, cloudProperties: {} },
    vm: {
      cloudProperties: { memory: 160 },
      networks: {
        z: { type: 'dynamic' },
        a: { type: 'manual', ip: '10.0.2.15', netmask: '255.255.255.0', prefix: 24 },
      },
    },
    disk: { sizeMiB: 16, cloudProperties: {} },
    missingCid,
    refusedVmCloudProperties: { memory: -1 },
    probes: {
      agentSettings: (vm) => read('vm', vm, 'seed', 'ec2', 'latest', 'user-data'),
      guestDisks: async (vm) =>
        await withQmp(monitorOf(store.path('vm', vm)), AbortSignal.timeout(60_000), async (execute) => {
          const devices = (await execute('qom-list', { path: '/machine/peripheral' })) as { name: string }[]
          return devices.flatMap(({ name }) => /^dev-(d-.*)$/.exec(name)?.[1] ?? [])
        }),
      vmMetadata: (vm) => metadataOf('vm', vm),
      diskMetadata: (disk) => metadataOf('disk', disk),
      diskSizeMiB: (disk) => statSync(store.path('disk', disk, 'image')).size / 2 ** 20,
      isRunning: async (vm) => (await processOf(vm)) !== undefined,
      crashVm: async (vm) => {
        const pid = await processOf(vm)
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
        while ((await processOf(vm)) !== undefined) await new Promise(setImmediate)
      },
      failNext: (method) => {
        if (method === 'create_vm') cloud.failNextStart()
        else if (method === 'has_vm' || method === 'delete_vm') cloud.failNextRead('vm')
        else if (method === 'has_disk' || method === 'delete_disk') cloud.failNextRead('disk')
        else return false
        return true
      },
    },
    leftovers: () => cloud.existing(),
    close: () => cloud.close(),
  }
}
