import { toMs } from './duration.ts'
import { type CheckedRule, checkedRule, type FaultRule, FaultRuleError } from './fault-rule.ts'
import type { TransitionEffect } from './lifecycle.ts'

/** A rule with what became of it. */
export interface InstalledRule {
  id: string
  rule: CheckedRule
  /** Requests that matched, including skipped ones. */
  matched: number
  /** Requests that were changed. */
  hits: number
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
  readonly #operations: () => ReadonlyMap<string, ReadonlySet<string>>
  readonly #transitions: () => readonly string[]
  #rules: (InstalledRule & { pattern: RegExp | undefined })[] = []
  #count = 0

  /** The names that rules may match; they are asked for with the first rule, as most clouds have none. */
  constructor(operations: () => ReadonlyMap<string, ReadonlySet<string>>, transitions: () => readonly string[]) {
    let known: ReadonlyMap<string, ReadonlySet<string>> | undefined
    this.#operations = () => {
      known ??= operations()
      return known
    }
    this.#transitions = transitions
  }

  /** Adds a rule and answers its id. Throws `FaultRuleError` for what can never match. */
  add(input: FaultRule): string {
    const { rule, pattern } = checkedRule(input, { operations: this.#operations(), transitions: this.#transitions() })
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

  /** Takes a hit back: the rule matched a request that had nothing it could change. */
  missed(id: string): void {
    const rule = this.#rules.find((one) => one.id === id)
    if (rule) rule.hits -= 1
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
}
