/**
 * Why a conversation with OpenStack failed. Closed: `errors/map-error.ts` has a row for each.
 *
 * | kind | meaning |
 * |---|---|
 * | `http` | an answer came, with a status nobody expected |
 * | `timeout` | no connection or no answer in time, and repeating did not help |
 * | `network` | DNS, refused or broken connection, TLS, and repeating did not help |
 * | `auth` | Keystone refused the credentials, or a service refused a fresh token |
 * | `decode` | an answer came that is not what the API promises |
 * | `foreign-answer` | a 404 that the service did not write about the object: a proxy, an ingress, a wrong URL |
 * | `unexpected-state` | an object reached a state it cannot leave towards the wanted one, or vanished during a wait |
 * | `wait-timeout` | a wait for a state used up its time |
 * | `ambiguous` | a POST may or may not have taken effect (driver spec §3.5) |
 * | `rate-limited` | the service asked to wait for longer than `rate_limit_timeout` |
 * | `unsupported` | the cloud is too old for what was asked (microversion, extension) |
 * | `config` | the catalog lacks a service, region or interface; a name in the cloud properties does not exist |
 * | `aborted` | the call was interrupted (SIGTERM) |
 */
export type OpenStackErrorKind =
  | 'http'
  | 'timeout'
  | 'network'
  | 'auth'
  | 'decode'
  | 'foreign-answer'
  | 'unexpected-state'
  | 'wait-timeout'
  | 'ambiguous'
  | 'rate-limited'
  | 'unsupported'
  | 'config'
  | 'aborted'

/** What a service says in the body of a refusal, whatever its dialect (driver spec §3.5, "Message extraction"). */
export interface Fault {
  /** The service's own words, without markup, at most 2 KiB. */
  readonly message: string
  /** Envelope key or type, for example `badRequest`, `OverQuota`, `computeFault`. */
  readonly type?: string
  /** The code in the body, where there is one; need not be the HTTP status. */
  readonly code?: number
}

export interface OpenStackErrorDetails {
  /** Service type as in the catalog, for example `compute`. */
  readonly service?: string
  readonly method?: string
  /** Without secrets. */
  readonly url?: string
  readonly status?: number
  readonly fault?: Fault
  /** `req-…` as the service logs it. */
  readonly requestId?: string
  /** How long the service asked to wait. */
  readonly retryAfterMs?: number
  /** Something may exist that was neither found nor removed: only the operator can tell. */
  readonly mayHaveLeft?: boolean
  readonly cause?: unknown
}

/** A failed conversation with OpenStack. Callers switch on `kind` and on the predicates below, never on the message. */
export class OpenStackError extends Error {
  override readonly name = 'OpenStackError'
  readonly kind: OpenStackErrorKind
  readonly service: string | undefined
  readonly method: string | undefined
  readonly url: string | undefined
  readonly status: number | undefined
  readonly fault: Fault | undefined
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined
  readonly mayHaveLeft: boolean

  constructor(kind: OpenStackErrorKind, message: string, details: OpenStackErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.kind = kind
    this.service = details.service
    this.method = details.method
    this.url = details.url
    this.status = details.status
    this.fault = details.fault
    this.requestId = details.requestId
    this.retryAfterMs = details.retryAfterMs
    this.mayHaveLeft = details.mayHaveLeft ?? false
  }
}

/** What is known of the exchange, for an error that tells the same in other words; the old one is its cause. */
export function detailsOf(error: OpenStackError): OpenStackErrorDetails {
  const { service, method, url, status, fault, requestId, retryAfterMs, mayHaveLeft } = error
  const details = { service, method, url, status, fault, requestId, retryAfterMs, mayHaveLeft }
  const known = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
  return { ...known, cause: error }
}

/** The same failure, its message preceded by what was being done; anything else as it is. */
export function during(step: string, error: unknown): unknown {
  if (!(error instanceof OpenStackError)) return error
  return new OpenStackError(error.kind, `${step}: ${error.message}`, detailsOf(error))
}

/** An error that came with a status. */
type Refused = OpenStackError & { readonly status: number }

/**
 * Did the service answer with one of these statuses? A refused login and a proxy's 404 are no answers of the service:
 * they say nothing about the object that was asked for.
 */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is Refused {
  if (!(error instanceof OpenStackError) || error.kind === 'auth' || error.kind === 'foreign-answer') return false
  return error.status !== undefined && statuses.includes(error.status)
}

/** The object does not exist, or belongs to another project: a 404 in the service's own words (`refusal.ts`). */
export const isNotFound = (error: unknown): error is Refused => hasStatus(error, 404)

/**
 * Does the service itself have no such path? So it is with an extension or API that this cloud lacks; also with a wrong
 * URL, therefore it says nothing about an object.
 */
export const isUnknownPath = (error: unknown): error is OpenStackError =>
  error instanceof OpenStackError && error.kind === 'foreign-answer' && error.requestId !== undefined

/** The object is in a state that does not allow the request, or the thing exists already: 409, quota excepted. */
export const isConflict = (error: unknown): error is Refused => hasStatus(error, 409) && !isQuota(error)

/** May the POST have taken effect although no proper answer came? Look before doing it again. */
export const isAmbiguous = (error: unknown): error is OpenStackError & { readonly kind: 'ambiguous' } =>
  error instanceof OpenStackError && error.kind === 'ambiguous'

/**
 * Is a quota used up? Nova says 403 with "Quota exceeded", Cinder 413 `overLimit` with `Retry-After: 0` and a type or
 * text about a limit, Neutron 409 `OverQuota`, Octavia 403 "Quota has been met", Glance 413 or 403 with quota in the text.
 */
export function isQuota(error: unknown): error is Refused {
  return hasStatus(error, 403, 409, 413) && isQuotaFault(error.status, error.fault)
}

/** The same on the parts of an answer, for the retry policy. */
export function isQuotaFault(status: number, fault: Fault | undefined): boolean {
  if (fault === undefined) return false
  if (status === 409) return fault.type === 'OverQuota' || fault.type === 'QuotaResourceUnknown'
  if (status === 403 || status === 413) {
    return /quota|LimitExceeded|ExceedsAvailableQuota|maximum number of [\w ]+ (allowed|exceed)/i.test(
      `${fault.type ?? ''} ${fault.message}`,
    )
  }
  return false
}

/** Awaits `looking` and turns "not found" into undefined; every other failure rises. */
export async function foundOrUndefined<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
