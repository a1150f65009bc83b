import * as z from 'zod'
import { toMs } from './duration.ts'
import type { TransitionEffect } from './lifecycle.ts'

const duration = z.union([z.number().min(0), z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/)])

const requestMatch = z
  .strictObject({
    service: z.string().optional(),
    operation: z.string().optional(),
    method: z.string().optional(),
    /** Regular expression over the path, as the service sees it (`^/v2\.1/servers$`) or whole. */
    path: z.string().optional(),
  })
  .refine((match) => Object.keys(match).length > 0, 'give at least one of service, operation, method, path')

const transitionMatch = z.strictObject({
  /** `<lifecycle>.<step>`, such as `servers.build.spawning`. */
  transition: z.string(),
  /** Only for this resource. */
  resource: z.string().optional(),
})

const state = z.strictObject({ to: z.string(), message: z.string().default('') })

const effect = z.union([
  z.strictObject({
    respond: z.strictObject({
      status: z.number().int().min(100).max(599),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
    }),
  }),
  z.strictObject({ reset: z.literal(true) }),
  /** No connection comes about. A port that is open accepts all the same: over HTTP it is a reset. */
  z.strictObject({ refuse: z.literal(true) }),
  /** No answer ever comes; the connection stays until the client gives up. */
  z.strictObject({ hang: z.literal(true) }),
  z.strictObject({ delay: duration }),
  z.strictObject({ truncate: z.number().int().min(0) }),
  /** The body comes in pieces of so many bytes, with a pause before each. */
  z.strictObject({ trickle: z.strictObject({ bytes: z.number().int().min(1), every: duration }) }),
  z.strictObject({ state }),
  z.strictObject({ hold: z.literal(true) }),
])

/** A fault rule as the control door and `faults.add` take it. */
export const faultRuleSchema = z.strictObject({
  match: z.union([transitionMatch, requestMatch]),
  /** Matches that pass unharmed first. */
  skip: z.number().int().min(0).default(0),
  /** Matches that are hit; null means all. */
  times: z.number().int().min(1).nullable().default(1),
  /** `before`: the request has no effect. `after`: it took effect, the client gets the fault instead of the answer. */
  when: z.enum(['before', 'after']).default('before'),
  do: effect,
})

export type FaultRule = z.input<typeof faultRuleSchema>
export type FaultEffect = z.output<typeof effect>

/** A rule with what became of it. */
export interface InstalledRule {
  id: string
  rule: z.output<typeof faultRuleSchema>
  /** Requests that matched, including skipped ones. */
  matched: number
  /** Requests that were changed. */
  hits: number
}

/** A rule that cannot be: unknown service, operation, transition or key, or a bad pattern. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError'
}

interface RequestFacts {
  service: string
  operation: string
  method: string
  /** Path as the service sees it, and whole. */
  paths: readonly string[]
}

/** Fault rules: what goes wrong, when, and how often it did. */
export class Faults {
  readonly #operations: ReadonlyMap<string, ReadonlySet<string>>
  readonly #transitions: () => readonly string[]
  #rules: (InstalledRule & { pattern: RegExp | undefined })[] = []
  #count = 0

  constructor(operations: ReadonlyMap<string, ReadonlySet<string>>, transitions: () => readonly string[]) {
    this.#operations = operations
    this.#transitions = transitions
  }

  /** Adds a rule and answers its id. Throws `FaultRuleError` for what can never match. */
  add(input: FaultRule): string {
    const parsed = faultRuleSchema.safeParse(input)
    if (!parsed.success) throw new FaultRuleError(`bad fault rule: ${z.prettifyError(parsed.error)}`)
    const rule = parsed.data
    const pattern = this.#check(rule)
    this.#count += 1
    const id = `fault-${this.#count}`
    this.#rules.push({ id, rule, matched: 0, hits: 0, pattern })
    return id
  }

  list(): InstalledRule[] {
    return this.#rules.map(({ id, rule, matched, hits }) => ({ id, rule, matched, hits }))
  }

  /** Removes a rule, or all; answers how many there were. */
  remove(id?: string): number {
    const before = this.#rules.length
    this.#rules = id === undefined ? [] : this.#rules.filter((one) => one.id !== id)
    return before - this.#rules.length
  }

  /** Throws when a rule never hit anything: such a test proves nothing. */
  assertAllHit(): void {
    const idle = this.#rules.filter((one) => one.hits === 0)
    if (idle.length === 0) return
    const lines = idle.map((one) => `${one.id} (matched ${one.matched}): ${JSON.stringify(one.rule)}`)
    throw new FaultRuleError(`fault rules that never hit:\n${lines.join('\n')}`)
  }

  /** The rules that hit this request; counts them. */
  take(facts: RequestFacts): InstalledRule[] {
    if (this.#rules.length === 0) return []
    return this.#rules.filter((one) => {
      const { match } = one.rule
      if ('transition' in match) return false
      if (match.service !== undefined && match.service !== facts.service) return false
      if (match.operation !== undefined && match.operation !== facts.operation) return false
      if (match.method !== undefined && match.method.toUpperCase() !== facts.method) return false
      const { pattern } = one
      if (pattern && !facts.paths.some((path) => pattern.test(path))) return false
      return this.#hit(one)
    })
  }

  /** What rules do to a transition that is being scheduled; counts them. */
  forTransition(transition: string, resourceId: string): TransitionEffect | undefined {
    const effects: TransitionEffect = {}
    for (const one of this.#rules) {
      const { match, do: action } = one.rule
      if (!('transition' in match) || match.transition !== transition) continue
      if (match.resource !== undefined && match.resource !== resourceId) continue
      if (!this.#hit(one)) continue
      if ('hold' in action) effects.hold = true
      if ('delay' in action) effects.delayMs = toMs(action.delay)
      if ('state' in action) effects.failure = action.state
    }
    return Object.keys(effects).length > 0 ? effects : undefined
  }

  #hit(one: InstalledRule): boolean {
    one.matched += 1
    const { skip, times } = one.rule
    if (one.matched <= skip || (times !== null && one.hits >= times)) return false
    one.hits += 1
    return true
  }

  #check(rule: z.output<typeof faultRuleSchema>): RegExp | undefined {
    const { match, do: action } = rule
    if ('transition' in match) {
      if (!this.#transitions().includes(match.transition)) {
        throw new FaultRuleError(`unknown transition ${match.transition}; known: ${this.#transitions().join(', ')}`)
      }
      if (!('hold' in action || 'delay' in action || 'state' in action)) {
        throw new FaultRuleError('a rule for a transition can hold, delay or state')
      }
      return undefined
    }
    if ('hold' in action) throw new FaultRuleError('only a transition can be held')
    if ('refuse' in action && rule.when === 'after') {
      throw new FaultRuleError('a refused connection has no effect that it could come after')
    }
    if (match.service !== undefined && !this.#operations.has(match.service)) {
      throw new FaultRuleError(`unknown service ${match.service}; known: ${[...this.#operations.keys()].join(', ')}`)
    }
    const { operation } = match
    if (operation !== undefined) {
      const services = match.service === undefined ? [...this.#operations.keys()] : [match.service]
      if (!services.some((name) => this.#operations.get(name)?.has(operation))) {
        throw new FaultRuleError(`unknown operation ${operation} in ${services.join(', ')}`)
      }
    }
    if (match.path === undefined) return undefined
    try {
      return new RegExp(match.path)
    } catch (error) {
      throw new FaultRuleError(`not a regular expression: ${match.path}`, { cause: error })
    }
  }
}
