import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import {
  agentId,
  type Cpi,
  type JsonObject,
  messageOf,
  neverAborted,
  type OptionalMethods,
} from '@openstack-cpi/cpi-core'
import type { DriverContext } from '@openstack-cpi/openstack-driver'
import { pack } from 'tar-stream'
import { type Finding, ok, problem, type Result } from './check.ts'
import type { Targets } from './targets.ts'

export interface DeepOptions {
  readonly targets: Targets
  /** Its signal ends the life cycle. */
  readonly ctx: DriverContext
  /** A CPI whose calls end with the given signal. */
  readonly cpi: (signal: AbortSignal) => Cpi & OptionalMethods
  readonly onDone: (result: Result) => void
}

/**
 * Takes a stemcell, a VM and a disk through their life and removes them again, also when a step fails or the signal ends
 * it. Each step is a result with its time.
 */
export async function runLifeCycle(options: DeepOptions): Promise<readonly Result[]> {
  const { targets, ctx } = options
  const { signal, tmpDir, clock } = ctx
  const results: Result[] = []
  const removals: { readonly what: string; readonly remove: () => Promise<void> }[] = []
  const cpi = options.cpi(signal)
  const cleaner = options.cpi(neverAborted())

  const step = async <T>(title: string, why: string, work: () => Promise<T>): Promise<T> => {
    const startedMs = clock.monotonicMs()
    const record = (finding: (seconds: string) => Finding) => {
      const durationMs = clock.monotonicMs() - startedMs
      const result = {
        group: 'life cycle' as const,
        title,
        findings: [finding((durationMs / 1000).toFixed(1))],
        durationMs,
      }
      results.push(result)
      options.onDone(result)
    }
    try {
      signal.throwIfAborted()
      const value = await work()
      record((seconds) => ok(`${seconds} s`))
      return value
    } catch (error) {
      record(() => problem(messageOf(error), why, remedies[title] ?? 'The message says what is wrong.'))
      throw new StepFailed(title, { cause: error })
    }
  }

  const folder = await mkdtemp(join(tmpDir, 'openstack-cpi-doctor-'))
  try {
    const network = targets.networks[0]
    if (network === undefined) {
      await step('network', 'Nova refuses a server without a network when it could choose among several.', () =>
        requireOnlyNetwork(ctx),
      )
    }
    const imagePath = join(folder, 'image')
    await writeTinyStemcell(imagePath)
    const stemcell = await step('create_stemcell', 'Stemcells could not be uploaded.', () =>
      cpi.createStemcell({ imagePath, cloudProperties: tinyStemcellProperties, tags: {} }),
    )
    removals.push({ what: `image ${stemcell}`, remove: () => cleaner.deleteStemcell(stemcell) })
    const vmType: JsonObject =
      targets.flavors[0] === undefined
        ? await step('calculate_vm_cloud_properties', 'VM requirements could not be met.', () =>
            cpi.calculateVmCloudProperties({ cpu: 1, ramMiB: 512, ephemeralDiskMiB: 1024 }),
          )
        : { instance_type: targets.flavors[0] }
    const { vm } = await step('create_vm', 'VMs could not be made.', () =>
      cpi.createVm({
        agentId: agentId('openstack-cpi-doctor'),
        stemcell,
        cloudProperties: vmType,
        networks: [
          {
            name: 'doctor',
            type: 'dynamic',
            dns: [],
            default: [],
            cloudProperties: network === undefined ? {} : { net_id: network.id },
            raw: { type: 'dynamic' },
          },
        ],
        disks: [],
        env: {},
      }),
    )
    removals.push({ what: `server ${vm}`, remove: () => cleaner.deleteVm(vm) })
    if (ctx.config.configDrive !== undefined) {
      await step('config drive', 'VMs look for their settings on a drive, and would never start.', async () => {
        const server = await ctx.services.compute.servers.show(vm)
        if (server.config_drive !== 'True') throw new Error('Nova made the server without a config drive')
      })
    }
    await step('set_vm_metadata', 'A VM whose metadata cannot be set is deleted immediately by the director.', () =>
      cpi.setVmMetadata(vm, { director: 'doctor', deployment: 'doctor', job: 'doctor', index: '0', name: 'doctor/0' }),
    )
    const disk = await step('create_disk', 'Persistent disks could not be made.', () =>
      cpi.createDisk({ sizeMiB: 1024, cloudProperties: {}, vm }),
    )
    removals.push({ what: `volume ${disk}`, remove: () => cleaner.deleteDisk(disk) })
    await step('attach_disk', 'Persistent disks could not be attached.', () => cpi.attachDisk(vm, disk))
    removals.push({ what: `attachment of volume ${disk}`, remove: () => cleaner.detachDisk(vm, disk) })
    const snapshot = await step('snapshot_disk', 'Snapshots could not be taken.', () =>
      cpi.snapshotDisk(disk, { deployment: 'doctor', job: 'doctor', index: 0 }),
    )
    removals.push({ what: `snapshot ${snapshot}`, remove: () => cleaner.deleteSnapshot(snapshot) })
    await step('detach_disk', 'Persistent disks could not be moved to a new VM.', () => cpi.detachDisk(vm, disk))
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
    for (const { what, remove } of removals.reverse()) {
      const startedMs = clock.monotonicMs()
      const finding = await remove().then(
        () => ok(`removed ${what}`),
        (error: unknown) =>
          problem(
            `${what} could not be removed: ${messageOf(error)}`,
            'It stays in the project.',
            'Remove it by hand.',
          ),
      )
      const durationMs = clock.monotonicMs() - startedMs
      const result = { group: 'life cycle' as const, title: 'clean up', findings: [finding], durationMs }
      results.push(result)
      options.onDone(result)
    }
  }
  return results
}

/** Ends the life cycle; the step's own result has said why. */
class StepFailed extends Error {}

const remedies: Readonly<Record<string, string>> = {
  network: 'Name one with --network.',
  create_stemcell:
    'The user needs the right to create images (Glance policies add_image and upload_image), and image quota.',
  calculate_vm_cloud_properties: 'Ask for access to flavors, or name one with --flavor.',
  create_vm: 'Name a flavor with --flavor and a network with --network; see the message for what Nova refused.',
  'config drive': 'Ask for config drives to be supported, or unset config_drive.',
  set_vm_metadata: 'The user needs the right to write server metadata, and quota of metadata items.',
  create_disk: 'Read the message; check volume types, zones and quota.',
  attach_disk: 'Read the message; can the hosts reach the volume backend, and are the zones the same?',
  snapshot_disk: 'Check that the volume backend supports snapshots, and the quota.',
  detach_disk: 'Read the message; does the guest release the device?',
}

/**
 * Makes sure that Nova can choose the network of a server for which none is named. Throws when the project has several:
 * Nova answers 409 then, and only once the server is asked for.
 */
async function requireOnlyNetwork(ctx: DriverContext): Promise<void> {
  const { projectId } = await ctx.services.identity.whoAmI()
  const usable: string[] = []
  for await (const network of ctx.services.network.networks.list({ 'router:external': false })) {
    const isUsable = network.shared || projectId === undefined || network.project_id === projectId
    if (isUsable && !network['router:external']) usable.push(`${network.name} (${network.id})`)
  }
  if (usable.length > 1) throw new Error(`the project has ${usable.length} networks: ${usable.slice(0, 10).join(', ')}`)
}

const rootBytes = 1024 * 1024

/** What a manifest would say of it. */
export const tinyStemcellProperties = {
  name: 'openstack-cpi-doctor',
  version: '1',
  disk_format: 'raw',
  container_format: 'bare',
  os_type: 'linux',
  architecture: 'x86_64',
} as const

/** Writes the `image` of a stemcell that uploads like any other and boots nothing: 1 MiB of zeros. */
export async function writeTinyStemcell(file: string): Promise<void> {
  const tar = pack()
  tar.entry({ name: 'root.img' }, Buffer.alloc(rootBytes))
  tar.finalize()
  await pipeline(tar, createGzip(), createWriteStream(file, { mode: 0o600 }))
}
