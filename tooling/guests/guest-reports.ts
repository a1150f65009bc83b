import { z } from 'zod/mini'

const disk = z.object({
  /** As the kernel calls it: `vda`, `sdb`, `sr0`. */
  name: z.string(),
  MiB: z.number(),
  serial: z.string(),
  /** CID that the guest wrote on the disk when it was first added; empty for a blank disk. */
  mark: z.string(),
  label: z.array(z.string()),
  by_id: z.array(z.string()),
  by_path: z.array(z.string()),
})

/** A disk as BOSH's agent finds it: first by its CID, then by the path of the hint. */
const foundDisk = z.object({
  cid: z.string(),
  hint: z.string(),
  device: z.nullable(z.string()),
  found_by: z.enum(['id', 'path', 'none']),
  mark: z.optional(z.string()),
  serial: z.optional(z.string()),
  MiB: z.optional(z.number()),
  is_root: z.optional(z.boolean()),
  /** The disk was blank and the guest wrote the CID on it. */
  written: z.optional(z.boolean()),
})

/** What a guest reports, by topic. The guest's side is `reference-cloud/guests/stemcell/guest/`. */
export const reportsByTopic = {
  boot: z.object({ root: z.string(), previous_end: z.string(), kernel: z.string() }),
  disks: z.object({ root_disk: z.string(), disks: z.array(disk) }),
  config_drive: z.object({
    device: z.nullable(z.string()),
    filesystem: z.optional(z.string()),
    files: z.optional(z.array(z.string())),
  }),
  dhcp: z.object({ nic: z.string(), bound: z.boolean(), ip: z.optional(z.string()), router: z.optional(z.string()) }),
  settings: z.object({
    source: z.enum(['config-drive', 'metadata-service', 'none']),
    key: z.string(),
    instance_id: z.string(),
    bytes: z.number(),
    certificate_sha256: z.string(),
    agent_id: z.string(),
    vm: z.object({ name: z.string() }),
    networks: z.record(z.string(), z.record(z.string(), z.unknown())),
    disks: z.record(z.string(), z.unknown()),
    env_keys: z.array(z.string()),
  }),
  network: z.object({
    name: z.string(),
    nic: z.nullable(z.string()),
    mac: z.optional(z.string()),
    addresses: z.optional(z.array(z.string())),
  }),
  nics: z.object({ nics: z.array(z.string()) }),
  persistent_disk: foundDisk,
  ephemeral_disk: foundDisk,
  power_button: z.object({}),
  ready: z.object({ uptime: z.number() }),
} as const

export { foundDisk as foundDiskSchema }
export type Topic = keyof typeof reportsByTopic
export type Report<T extends Topic> = z.infer<(typeof reportsByTopic)[T]>
export type FoundDisk = z.infer<typeof foundDisk>

const line = z.object({ guest: z.looseObject({ boot: z.number(), topic: z.string() }) })

/** The reports in a console log, in order; kernel messages and unfinished lines are left out. */
export class ConsoleLog {
  readonly #reports: readonly { readonly boot: number; readonly topic: string }[]

  constructor(text: string) {
    this.#reports = text.split('\n').flatMap((row) => {
      const start = row.indexOf('{"guest":')
      if (start < 0) return []
      const parsed = line.safeParse(jsonOrNull(row.slice(start)))
      return parsed.success ? [parsed.data.guest] : []
    })
  }

  /** Reports of one topic. Throws when one does not have the form of its topic. */
  of<T extends Topic>(topic: T, boot: number): readonly Report<T>[] {
    const schema = reportsByTopic[topic]
    return this.#reports
      .filter((report) => report.topic === topic && report.boot === boot)
      .map((report) => z.parse(schema, report) as Report<T>) // the schema of this topic
  }

  /** The highest number of a boot that is over: the guest is ready. 0 when none is. */
  get readyBoot(): number {
    return Math.max(0, ...this.#reports.filter(({ topic }) => topic === 'ready').map(({ boot }) => boot))
  }

  /** Numbers of all boots in the log. */
  get boots(): readonly number[] {
    return [...new Set(this.#reports.map(({ boot }) => boot))]
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // a line that the console log cut off
  }
}
