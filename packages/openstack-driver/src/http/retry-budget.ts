import type { Logger } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import { detailsOf, OpenStackError } from './openstack-error.ts'

export interface RetryBudgetOptions {
  readonly config: Pick<OpenStackConfig, 'requestRetries'>
  readonly clock: Clock
  readonly log: Logger
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Shared with the other requests of the call. */
  readonly waitBudget: WaitBudget
}

/**
 * Says how often, and when, a request is sent again that had no effect according to a look-up (driver spec §3.5). Waits
 * that services ask for are limited by their sum, which all requests of the call share, other repetitions by their number.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions
  #repetitions = 0

  constructor(options: RetryBudgetOptions) {
    this.#options = options
  }

  /**
   * Resolves when it is time to send the request again.
   * @param what for messages, for example `server vm-1234`
   * @param ambiguous the error of the last attempt
   * @param passedMs time since that error, which counts
   * @throws `ambiguous` itself, or kind `rate-limited`, when the budget is used up; kind `aborted`
   */
  async waitBeforeRetry(what: string, ambiguous: OpenStackError, passedMs: number): Promise<void> {
    const { clock, log, signal, config, waitBudget } = this.#options
    if (signal.aborted) throw interrupted(what, ambiguous)
    if (ambiguous.retryAfterMs === undefined) {
      this.#repetitions += 1
      if (this.#repetitions > config.requestRetries) throw ambiguous
    } else {
      // What has passed counts too: else a service that asks for less would be asked again for ever.
      const waitMs = Math.max(ambiguous.retryAfterMs, passedMs)
      if (!waitBudget.take(waitMs, clock.monotonicMs() - passedMs)) throw tooLong(ambiguous)
    }
    const leftMs = (ambiguous.retryAfterMs ?? 0) - passedMs
    if (leftMs <= 0) return
    log.info(`${what}: the service asks to wait, sending it again in ${(leftMs / 1000).toFixed(1)} s`)
    try {
      await clock.sleep(leftMs, signal)
    } catch (error) {
      throw signal.aborted ? interrupted(what, ambiguous) : error
    }
  }
}

/** A request whose result is unknown is not sent again, since the call was interrupted: it may have an effect later. */
export function interrupted(what: string, ambiguous: OpenStackError): OpenStackError {
  const message = `The call was interrupted while the result of ${what} was unknown: it may take effect later. ${ambiguous.message}`
  return new OpenStackError('aborted', message, detailsOf(ambiguous))
}

/** A look-up has shown that the request had no effect. */
function tooLong(ambiguous: OpenStackError): OpenStackError {
  const message = `The service asks to wait for longer than rate_limit_timeout: ${ambiguous.message}`
  return new OpenStackError('rate-limited', message, detailsOf(ambiguous))
}

/**
 * What is left of `rate_limit_timeout` for the waits that services ask for. One per call: all its requests share it.
 * Waits at the same time count once.
 */
export class WaitBudget {
  readonly #limitMs: number
  readonly #clock: Pick<Clock, 'monotonicMs'>
  #spentMs = 0
  #coveredUntilMs = Number.NEGATIVE_INFINITY

  constructor(limitMs: number, clock: Pick<Clock, 'monotonicMs'>) {
    this.#limitMs = limitMs
    this.#clock = clock
  }

  get leftMs(): number {
    return Math.max(0, this.#limitMs - this.#spentMs)
  }

  /**
   * Takes a wait of `ms` from the budget; false, and nothing is taken, when less than that is left.
   * @param beganAtMs when the wait began, by the monotonic clock
   */
  take(ms: number, beganAtMs = this.#clock.monotonicMs()): boolean {
    const untilMs = beganAtMs + ms
    const newMs = Math.max(0, untilMs - Math.max(beganAtMs, this.#coveredUntilMs))
    if (newMs > this.leftMs) return false
    this.#spentMs += newMs
    this.#coveredUntilMs = Math.max(this.#coveredUntilMs, untilMs)
    return true
  }
}
