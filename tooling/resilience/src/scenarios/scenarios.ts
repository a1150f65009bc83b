import { readFileSync } from 'node:fs'
import type { FaultRule } from 'fake-openstack'
import { parse } from 'yaml'
import * as z from 'zod'
import type { CpiRequest } from '../cpi-request.ts'
import type { Fixture } from '../fixture.ts'
import { jsonObject, preparationIn, steps, vmParams } from './steps.ts'

/**
 * What a method does to the cloud, which says what must hold after an error: `create` and `read` leave everything as it
 * was; a repeated `change` or `delete` leads to where the first call would have led.
 */
const purpose = z.enum(['create', 'change', 'delete', 'read'])

/** A scenario as `scenarios.yaml` has it. */
const entry = z.strictObject({
  /** Method, and what is special, for example `create_vm: two NICs`. */
  name: z.string(),
  /** Default: as the method's name says. */
  purpose: purpose.optional(),
  given: steps.default([]),
  create_vm: vmParams.optional(),
  args: z.array(z.json()).default([]),
  openstack: jsonObject.optional(),
  /** Faults that belong to the circumstances, in the run without other faults too. */
  initialFaults: z.array(z.custom<FaultRule>()).default([]), // the fake checks them
  /** Kind of the orphaned resources that exist before the call and may be gone after an error. */
  orphans: z.string().optional(),
  /** Whether the call is also killed at each of its requests. */
  killed: z.boolean().default(false),
  /** A request that the cloud refuses: the call is also killed while it removes what it has created. */
  refusedAt: z.strictObject({ service: z.string(), operation: z.string() }).optional(),
})
type Entry = z.output<typeof entry>

/** A CPI call in circumstances that decide which API requests it makes. */
export interface Scenario extends Pick<Entry, 'name' | 'initialFaults' | 'orphans' | 'killed' | 'refusedAt'> {
  readonly purpose: z.output<typeof purpose>
  /** Prepares the cloud and returns the call. */
  readonly given: (fixture: Fixture) => Promise<CpiRequest>
  /** Whether the initial faults make the call fail. */
  readonly isRefused?: boolean
}

function purposeOf(method: string): Scenario['purpose'] {
  const [verb = ''] = method.split('_')
  if (verb === 'create' || verb === 'delete') return verb
  return ['has', 'get', 'calculate'].includes(verb) ? 'read' : 'change'
}

function toScenario({ purpose, given, create_vm: vm, args, openstack, ...more }: Entry): Scenario {
  const [method = ''] = more.name.split(':')
  return {
    ...more,
    purpose: purpose ?? purposeOf(method),
    given: async (fixture) => {
      const preparation = preparationIn(fixture)
      await preparation.take(given)
      if (vm !== undefined) return preparation.vmRequest(vm)
      return { method, arguments: preparation.resolve(args), openstack }
    },
  }
}

const text = readFileSync(new URL('../../scenarios.yaml', import.meta.url), 'utf8')
const parts = z.record(z.string(), z.array(entry.transform(toScenario))).parse(parse(text, { maxAliasCount: -1 }))

/** Every scenario of the matrices. */
export const scenarios: readonly Scenario[] = Object.values(parts).flat()

/** Throws when `scenarios.yaml` has no such part. */
export function scenariosOf(part: string): readonly Scenario[] {
  const found = parts[part]
  if (found === undefined) throw new Error(`no part ${part} in scenarios.yaml`)
  return found
}

/** Scenarios whose calls are killed at each request: every method that changes something, `create_vm` in all its forms. */
export const crashScenarios: readonly Scenario[] = scenarios.flatMap((one): Scenario[] => {
  if (!one.killed) return []
  // A killed call may leave the disk attached; the director attaches it again.
  const scenario: Scenario = one.name === 'attach_disk' ? { ...one, purpose: 'change' } : one
  if (one.refusedAt === undefined) return [scenario]
  const refused: FaultRule = { match: one.refusedAt, times: null, do: { respond: { status: 400 } } }
  const initialFaults = [...scenario.initialFaults, refused]
  const name = `${one.name}, refused at ${one.refusedAt.operation}`
  return [scenario, { ...scenario, name, initialFaults, isRefused: true }]
})
