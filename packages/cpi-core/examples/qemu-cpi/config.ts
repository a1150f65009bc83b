import { type CpiCall, type JsonObject, readProperties } from '@openstack-cpi/cpi-core'
import * as z from 'zod'

const configSchema = z.object({
  /** Folder for everything this CPI creates, absolute. At most 60 characters: Unix limits the path of a socket. */
  folder: z.string().startsWith('/', 'must be an absolute path').max(60),
  /** The program to start VMs with. */
  qemu: z.string().default('qemu-system-x86_64'),
  /** `kvm` where the machine has it. A `/dev/kvm` that is there need not work, so nothing is tried unasked. */
  accelerator: z.enum(['tcg', 'kvm']).default('tcg'),
  /** Longest wait for a VM's process or for a guest to release a disk, in seconds. */
  timeout: z.number().positive().default(120),
  /** Handed to agents: `mbus`, `ntp`, `blobstore`. */
  agent: z.record(z.string(), z.json()).default({}),
})

/** What the configuration file holds. */
export type QemuConfig = z.infer<typeof configSchema>

/** Checks the configuration. Throws `CloudError` with all problems; unknown keys are warnings. */
export const readConfig = (properties: JsonObject, { log }: CpiCall): QemuConfig =>
  readProperties(configSchema, properties, { what: 'configuration', code: 'CloudError', log })

const vmSchema = z.object({
  /** MiB. */
  memory: z.int().min(64).max(65_536).default(256),
  cpus: z.int().min(1).max(64).default(1),
  /** MiB; absent: the agent uses the rest of the root disk. */
  ephemeral_disk: z.int().min(1).optional(),
  /** MiB; absent: as large as the stemcell. */
  root_disk: z.int().min(1).optional(),
})

/** Cloud properties of a VM. */
export type VmProperties = z.infer<typeof vmSchema>

/** Checks the cloud properties of a VM. Throws `VmCreationFailed`, not to be retried, with all problems. */
export const readVmProperties = (properties: JsonObject, { log }: CpiCall): VmProperties =>
  readProperties(vmSchema, properties, { what: 'VM cloud properties', code: 'VmCreationFailed', log })
