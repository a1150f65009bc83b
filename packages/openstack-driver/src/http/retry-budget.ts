import type { Logger } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import { detailsOf, OpenStackError } from './openstack-error.ts'

export interface RetryBudgetOptions {
  readonly config: Pick<OpenStackConfig, 'requestRetries' | 'rateLimitTimeoutMs'>
  readonly clock: Clock
  readonly log: Logger
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/**
 * Says how often, and when, a request is sent again that had no effect according to a look-up (driver spec §3.5). Waits
 * that the service asks for are limited by their sum, other repetitions by their number.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions
  #repetitions = 0
  #askedMs = 0

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
    const { clock, log, signal, config } = this.#options
    if (ambiguous.retryAfterMs === undefined) {
      this.#repetitions += 1
      if (this.#repetitions > config.requestRetries) throw ambiguous
    } else {
      this.#askedMs += Math.max(ambiguous.retryAfterMs, passedMs)
      if (this.#askedMs > config.rateLimitTimeoutMs) throw tooLong(ambiguous)
    }
    if (signal.aborted) throw aborted(what, ambiguous)
    const leftMs = (ambiguous.retryAfterMs ?? 0) - passedMs
    if (leftMs <= 0) return
    log.info(`${what}: the service asks to wait, sending it again in ${(leftMs / 1000).toFixed(1)} s`)
    try {
      await clock.sleep(leftMs, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      throw aborted(what, ambiguous)
    }
  }
}

const aborted = (what: string, cause: OpenStackError): OpenStackError =>
  new OpenStackError('aborted', `The call was interrupted before ${what} was tried again`, { cause })

/** A look-up has shown that the request had no effect. */
function tooLong(ambiguous: OpenStackError): OpenStackError {
  const message = `The service asks to wait for longer than rate_limit_timeout: ${ambiguous.message}`
  return new OpenStackError('rate-limited', message, detailsOf(ambiguous))
}
