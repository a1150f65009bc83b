import { readFileSync } from 'node:fs'
import type { SeedInput } from 'fake-openstack'
import { parse } from 'yaml'
import * as z from 'zod'

const read = (name: string): unknown => parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

/** What was measured of the other two CPIs; `peers.yaml` says how. */
const measured = z.strictObject({ seconds: z.number(), requests: z.number(), rssMiB: z.number() })
const peer = z.strictObject({ go: measured, ruby: measured.optional() })
/** By method. */
export const peers = z.partialRecord(z.string(), peer).parse(read('peers.yaml'))

const budget = z.strictObject({
  what: z.string(),
  unit: z.string().default(''),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
  /** Shown where the budget is missed. */
  because: z.string().default(''),
})
/** By id. */
export const budgets = z.partialRecord(z.string(), budget).parse(read('budgets.yaml'))

/** A cloud with many servers, and requests to it by what they are for. */
export const crowdFile = z
  .strictObject({ seed: z.custom<SeedInput>(), growth: z.record(z.string(), z.string()) }) // the fake checks the seed
  .parse(read('fake-clouds.yaml'))
