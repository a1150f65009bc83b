import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiContractHarness } from '@openstack-cpi/cpi-core/testing'
import { readConfig } from '../config.ts'
import { monitorOf, processOf } from '../machine.ts'
import { createQemuCpi } from '../qemu-cpi.ts'
import { withQmp } from '../qmp.ts'
import { type Kind, Store } from '../store.ts'

const kinds: readonly Kind[] = ['stemcell', 'vm', 'disk', 'snapshot']

/** A cloud of its own for one test: a folder, and the processes that run from it. */
export interface MachineCloud {
  readonly store: Store
  readonly configFile: string
  readonly config: JsonObject
  /** The next VM does not start. */
  failNextStart(): void
  /** Everything that exists: folders, unfinished ones too, and processes. */
  existing(): Promise<readonly string[]>
  /** What the guest has written on its console, as JSON lines. */
  console(vm: string): readonly JsonObject[]
  close(): void
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
  return {
    store,
    config,
    configFile,
    failNextStart: () => writeFileSync(failure, ''),
    existing: async () => {
      const found: string[] = []
      for (const kind of kinds) for (const id of await store.ids(kind)) found.push(`${kind} ${id}`)
      const unfinished = join(config.folder, 'unfinished')
      if (existsSync(unfinished)) found.push(...(await readdir(unfinished)).map((name) => `unfinished ${name}`))
      return [...found, ...(await processesIn(config.folder))]
    },
    console: (vm) =>
      readFileSync(store.path('vm', vm, 'console.log'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{') && line.trimEnd().endsWith('}'))
        .map((line) => JSON.parse(line)),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

async function processesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    let command = ''
    try {
      command = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
    } catch {
      continue // it has just ended
    }
    if (command.includes('\0-name\0') && command.includes(`${folder}/`)) found.push(`process ${entry}`)
  }
  return found
}

/** What the contract suite needs to test the CPI on a cloud of its own. */
export function contractHarness(imagePath: string): CpiContractHarness {
  const cloud = openCloud()
  const { store } = cloud
  const read = (kind: Kind, id: string, ...rest: string[]): JsonObject =>
    JSON.parse(readFileSync(store.path(kind, id, ...rest), 'utf8'))
  return {
    createCpi: (call) => createQemuCpi(call, readConfig(cloud.config), store),
    stemcell: { imagePath, cloudProperties: {} },
    vm: { cloudProperties: { memory: 160 }, networks: { default: { type: 'dynamic' } } },
    disk: { sizeMiB: 16, cloudProperties: {} },
    missingCid: 'd-0123456789abcdef',
    refusedVmCloudProperties: { memory: -1 },
    probes: {
      agentSettings: (vm) => read('vm', vm, 'seed', 'ec2', 'latest', 'user-data'),
      guestDisks: async (vm) =>
        await withQmp(monitorOf(store.path('vm', vm)), AbortSignal.timeout(60_000), async (execute) => {
          const devices = (await execute('qom-list', { path: '/machine/peripheral' })) as { name: string }[]
          return devices.flatMap(({ name }) => /^dev-(d-.*)$/.exec(name)?.[1] ?? [])
        }),
      vmMetadata: (vm) => read('vm', vm, 'metadata.json'),
      diskMetadata: (disk) => read('disk', disk, 'metadata.json'),
      diskSizeMiB: (disk) => statSync(store.path('disk', disk, 'image')).size / 2 ** 20,
      crashVm: async (vm) => {
        const pid = await processOf(vm)
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
      },
      failNext: (method) => {
        if (method !== 'create_vm') return false
        cloud.failNextStart()
        return true
      },
    },
    leftovers: () => cloud.existing(),
    close: () => cloud.close(),
  }
}
