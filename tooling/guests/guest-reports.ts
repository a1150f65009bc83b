import { z } from 'zod/mini'

const disk = z.object({
  /** As the kernel calls it: `vda`, `sdb`, `sr0`. */
  name: z.string(),
  MiB: z.number(),
  serial: z.string(),
  label: z.array(z.string()),
  by_id: z.array(z.string()),
})

/** A disk as BOSH's agent finds it: first by its CID, then by the path of the hint. */
export const foundDisk = z.object({
  cid: z.string(),
  /** CID that the guest wrote on the disk when it was first added; empty for a blank disk. */
  mark: z.optional(z.string()),
  MiB: z.optional(z.number()),
  is_root: z.optional(z.boolean()),
  /** The disk was blank and the guest wrote the CID on it. */
  written: z.optional(z.boolean()),
})

/** What is used of a guest's reports, by topic. The guest's side is `reference-cloud/guests/stemcell/guest/`. */
export const reportsByTopic = {
  boot: z.object({ previous_end: z.string() }),
  disks: z.object({ root_disk: z.string(), disks: z.array(disk) }),
  config_drive: z.object({ device: z.nullable(z.string()), files: z.optional(z.array(z.string())) }),
  settings: z.object({
    source: z.enum(['config-drive', 'metadata-service', 'none']),
    key: z.string(),
    instance_id: z.string(),
    bytes: z.number(),
    certificate_sha256: z.string(),
    agent_id: z.string(),
    vm: z.object({ name: z.string() }),
    networks: z.record(z.string(), z.record(z.string(), z.unknown())),
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
} as const

type Topic = keyof typeof reportsByTopic
export type Report<T extends Topic> = z.infer<(typeof reportsByTopic)[T]>

const line = z.object({ guest: z.looseObject({ boot: z.number(), topic: z.string() }) })
type Line = z.infer<typeof line>['guest']

/** One boot of a guest: what it reported. */
export class Boot {
  readonly number: number
  readonly lines: readonly Line[]

  constructor(number: number, lines: readonly Line[]) {
    this.number = number
    this.lines = lines.filter(({ boot }) => boot === number)
  }

  /** The guest has finished it. */
  get isReady(): boolean {
    return this.lines.some(({ topic }) => topic === 'ready')
  }

  /** All reports of a topic. Throws when one does not have the form of its topic. */
  all<T extends Topic>(topic: T): readonly Report<T>[] {
    const lines = this.lines.filter((report) => report.topic === topic)
    return lines.map((report) => z.parse(reportsByTopic[topic], report) as Report<T>) // the schema of this topic
  }

  /** The only report of a topic. */
  one<T extends Topic>(topic: T): Report<T> {
    const [report, ...others] = this.all(topic)
    if (report === undefined || others.length > 0) {
      throw new Error(`boot ${this.number}: ${others.length + (report ? 1 : 0)} reports of ${topic} instead of one`)
    }
    return report
  }
}

/** The boots in a console log, in order; kernel messages and unfinished lines are left out. */
export function bootsIn(text: string): readonly Boot[] {
  const lines = text.split('\n').flatMap((row) => {
    const start = row.indexOf('{"guest":')
    const parsed = start < 0 ? undefined : line.safeParse(jsonOrNull(row.slice(start)))
    return parsed?.success ? [parsed.data.guest] : []
  })
  return [...new Set(lines.map(({ boot }) => boot))].map((number) => new Boot(number, lines))
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // a line that the console log cut off
  }
}
