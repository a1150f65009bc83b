import { type Fault, isQuotaFault } from './openstack-error.ts'

/**
 * What may be done when it is unknown whether a request took effect (driver spec §3.5).
 *
 * - `safe`: doing it twice does the same; repeated by the transport. Default of GET, DELETE and PUT.
 * - `lookup`: a create inside `createRecognisable`, which looks the object up by its unique name, or an action inside
 *   `sendNonIdempotent`.
 * - `never`: the caller must look; fails with kind `ambiguous`. Default of POST and PATCH.
 */
export type Repeat = 'safe' | 'lookup' | 'never'

/** How one attempt ended that was no success. */
export type Outcome =
  | {
      readonly is: 'refused'
      readonly status: number
      readonly fault: Fault | undefined
      /** `Retry-After` of the header, else of the body. */
      readonly retryAfterMs: number | undefined
      /** Did the service itself write the body, rather than a proxy in front of it? */
      readonly isFromService: boolean
    }
  /** DNS, refused, no route, TLS: the request was not sent. */
  | { readonly is: 'not-sent' }
  /** Sent, at least in part, and no whole answer: broken connection or time-out. */
  | { readonly is: 'lost' }

/** What was done for this request so far. */
export interface Attempts {
  readonly repeat: Repeat
  /** Repetitions after failures, rate limits not counted. */
  readonly repetitions: number
  /** Waits for rate limits: how many, and how long together. */
  readonly rateLimitWaits: number
  readonly rateLimitedMs: number
  /** Since the first attempt began, waits for rate limits included. */
  readonly elapsedMs: number
}

export interface RetryLimits {
  /** `request_retries`. */
  readonly retries: number
  /** Between repetitions after failures, ±20 %. */
  readonly pauseMs: number
  /** `state_timeout`: no repetition begins later, except the first. Ten time-outs in a row would take as many minutes. */
  readonly repeatForMs: number
  /** How long all waits of this request may take together: what the call has left of `rate_limit_timeout`. */
  readonly rateLimitTimeoutMs: number
}

export type Decision =
  | { readonly do: 'repeat'; readonly afterMs: number; readonly isRateLimit: boolean }
  /**
   * `refused`: what the service said stands. `unknown`: it may have taken effect. `rate-limited`: the budget is used
   * up.
   */
  | { readonly do: 'fail'; readonly as: 'refused' | 'unreachable' | 'unknown' | 'rate-limited' }

/** What a rate limit costs that says nothing, the first time; doubled each time up to the longest. */
const shortestRateLimitPauseMs = 3_000
const longestRateLimitPauseMs = 60_000

/**
 * Whether to repeat a request, and when (driver spec §3.5, "Target"). Pure.
 * @param fraction from 0 to 1, for jitter
 */
export function decide(outcome: Outcome, attempts: Attempts, limits: RetryLimits, fraction: number): Decision {
  if (outcome.is === 'refused') return decideRefusal(outcome, attempts, limits, fraction)
  if (outcome.is === 'lost' && attempts.repeat !== 'safe') return { do: 'fail', as: 'unknown' }
  return repeatOr('unreachable', attempts, limits, fraction)
}

function decideRefusal(
  outcome: Outcome & { is: 'refused' },
  attempts: Attempts,
  limits: RetryLimits,
  fraction: number,
): Decision {
  const { status, retryAfterMs, isFromService } = outcome
  if (isRateLimit(outcome, attempts.repeat)) return waitForRate(retryAfterMs, attempts, limits, fraction)
  if (![500, 502, 503, 504].includes(status)) return { do: 'fail', as: 'refused' }
  switch (attempts.repeat) {
    case 'safe':
      return repeatOr('refused', attempts, limits, fraction)
    case 'lookup':
      // A proxy's 503 may well come after the service did its work: the look-up costs one request and settles it.
      return { do: 'fail', as: 'unknown' }
    case 'never':
      if (status === 503 && !isFromService) return repeatOr('refused', attempts, limits, fraction)
      return { do: 'fail', as: status === 502 || status === 504 ? 'unknown' : 'refused' }
  }
}

/** Is the service asking to come back later, rather than saying that a quota is used up? */
function isRateLimit({ status, fault, retryAfterMs }: Outcome & { is: 'refused' }, repeat: Repeat): boolean {
  if (status === 429) return true
  if (status === 503) return retryAfterMs !== undefined && repeat !== 'lookup'
  if (status !== 413 || isQuotaFault(status, fault)) return false
  return fault?.type === 'overLimit' || fault?.type === 'overLimitFault'
}

function waitForRate(askedMs: number | undefined, attempts: Attempts, limits: RetryLimits, fraction: number): Decision {
  const growingMs = Math.min(shortestRateLimitPauseMs * 2 ** attempts.rateLimitWaits, longestRateLimitPauseMs)
  // "0" would make a busy loop of requests to a service that is overloaded already.
  const wantedMs = askedMs === undefined ? growingMs : Math.max(askedMs, 1_000)
  const leftMs = limits.rateLimitTimeoutMs - attempts.rateLimitedMs
  if (wantedMs > leftMs) return { do: 'fail', as: 'rate-limited' }
  // What the service asked for is a minimum: jitter only adds to it.
  const afterMs = askedMs === undefined ? jittered(wantedMs, fraction) : wantedMs * (1 + 0.2 * fraction)
  return { do: 'repeat', afterMs: Math.round(Math.min(afterMs, leftMs)), isRateLimit: true }
}

function repeatOr(
  otherwise: 'refused' | 'unreachable',
  attempts: Attempts,
  limits: RetryLimits,
  fraction: number,
): Decision {
  const isLate = attempts.repetitions > 0 && attempts.elapsedMs - attempts.rateLimitedMs >= limits.repeatForMs
  if (isLate || attempts.repetitions >= limits.retries) return { do: 'fail', as: otherwise }
  return { do: 'repeat', afterMs: Math.round(jittered(limits.pauseMs, fraction)), isRateLimit: false }
}

/** ±20 %, so that many processes do not come back at the same moment. */
const jittered = (ms: number, fraction: number): number => ms * (0.8 + 0.4 * fraction)
