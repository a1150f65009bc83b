import { readFile, writeFile } from 'node:fs/promises'

export const services = ['identity', 'compute', 'image', 'block-storage', 'network', 'load-balancer'] as const
export type Service = (typeof services)[number]

/** One answer with everything that differs from run to run taken out. */
export interface Recorded {
  /** `GET /volumes?limit=1`, with placeholders for ids. */
  readonly request: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** For polled resources: the values seen, in order, without repetition. */
  readonly states?: readonly unknown[]
}

/** What a probe allows besides equality. */
export interface Tolerance {
  /** `shape`: lists may differ in length and values; their items must have the same keys and types. */
  readonly list?: 'shape'
  /** States that come and go so quickly that a poll may miss them. */
  readonly fleeting?: readonly unknown[]
}

/** Answers of one service by `<scenario> / <probe>`. */
export type Recording = Record<string, Recorded>

const fileOf = (service: Service): URL => new URL(`../recordings/${service}.json`, import.meta.url)

export async function readRecording(service: Service): Promise<Recording> {
  const text = await readFile(fileOf(service), 'utf8')
  return JSON.parse(text) as Recording // written by writeRecording
}

export async function writeRecording(service: Service, recording: Recording): Promise<void> {
  await writeFile(fileOf(service), `${JSON.stringify(recording, null, 1)}\n`)
}
