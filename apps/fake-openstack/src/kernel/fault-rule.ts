import * as z from 'zod'

const duration = z.union([z.number().min(0), z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/)])

const requestMatch = z
  .strictObject({
    service: z.string().optional(),
    operation: z.string().optional(),
    method: z
      .string()
      .regex(/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/i, 'not a method of HTTP that any service could see')
      .optional(),
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

const isHeaders = (headers: Record<string, string>): boolean => {
  try {
    new Headers(headers)
    return true
  } catch {
    return false // names or values that HTTP does not allow
  }
}

const effectNames = 'respond, reset, refuse, hang, delay, truncate, trickle, expireToken, state, hold'

const effects = [
  z.strictObject({
    respond: z
      .strictObject({
        status: z.number().int().min(200).max(599),
        headers: z.record(z.string(), z.string()).refine(isHeaders, 'not HTTP headers').default({}),
        body: z.unknown().optional(),
      })
      .refine(
        ({ status, body }) => body === undefined || ![204, 205, 304].includes(status),
        'an answer with this status has no body',
      ),
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
  /** The token of the request ends: `before` this request, which then gets 401, or `after` it. */
  z.strictObject({ expireToken: z.literal(true) }),
  /** What the request makes, or the transition, ends in this state. */
  z.strictObject({ state }),
  z.strictObject({ hold: z.literal(true) }),
] as const

const effect = z.union(effects, { error: `give exactly one of ${effectNames}` })

/** A fault rule as the control API and `faults.add` take it. */
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
/** A rule with its defaults filled in. */
export type CheckedRule = z.output<typeof faultRuleSchema>
export type FaultEffect = z.output<typeof effect>

/** A rule that cannot be: unknown service, operation, transition or key, or a bad pattern. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError'
}

/** What a rule may name. */
export interface KnownNames {
  /** Operations by service. */
  operations: ReadonlyMap<string, ReadonlySet<string>>
  /** `<lifecycle>.<step>` */
  transitions: readonly string[]
}

/** Checks a rule and fills in its defaults. Throws `FaultRuleError` for what can never match or never be done. */
export const checkedRule = (input: unknown, known: KnownNames): { rule: CheckedRule; pattern: RegExp | undefined } => {
  const parsed = faultRuleSchema.safeParse(input)
  if (!parsed.success) throw new FaultRuleError(`bad fault rule: ${z.prettifyError(parsed.error)}`)
  const rule = parsed.data
  const { match } = rule
  if ('transition' in match) {
    checkTransition(rule, match.transition, known.transitions)
    return { rule, pattern: undefined }
  }
  if ('hold' in rule.do) throw new FaultRuleError('only a transition can be held')
  if ('refuse' in rule.do && rule.when === 'after') {
    throw new FaultRuleError('a refused connection has no effect that it could come after')
  }
  checkOperation(match, known.operations)
  return { rule, pattern: match.path === undefined ? undefined : patternOf(match.path) }
}

const checkTransition = (rule: CheckedRule, transition: string, known: readonly string[]): void => {
  if (!known.includes(transition)) {
    throw new FaultRuleError(`unknown transition ${transition}; known: ${known.join(', ')}`)
  }
  if (!('hold' in rule.do || 'delay' in rule.do || 'state' in rule.do)) {
    throw new FaultRuleError('a rule for a transition can hold, delay or state')
  }
  if (rule.when === 'after') throw new FaultRuleError('a transition is no request: `when` means nothing for it')
}

const checkOperation = (
  { service, operation }: { service?: string | undefined; operation?: string | undefined },
  known: KnownNames['operations'],
): void => {
  if (service !== undefined && !known.has(service)) {
    throw new FaultRuleError(`unknown service ${service}; known: ${[...known.keys()].join(', ')}`)
  }
  if (operation === undefined) return
  const services = service === undefined ? [...known.keys()] : [service]
  if (!services.some((name) => known.get(name)?.has(operation))) {
    throw new FaultRuleError(`unknown operation ${operation} in ${services.join(', ')}`)
  }
}

const patternOf = (path: string): RegExp => {
  try {
    return new RegExp(path)
  } catch (error) {
    throw new FaultRuleError(`not a regular expression: ${path}`, { cause: error })
  }
}
