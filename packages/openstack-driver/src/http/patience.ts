import type { Logger } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import { detailsOf, OpenStackError } from './openstack-error.ts'

/** What limits the repetitions of one request whose outcome was unknown. */
export interface PatienceLimits {
  /** `request_retries`. */
  readonly retries: number
  /** `rate_limit_timeout`: for all that the service asks to wait. */
  readonly rateLimitTimeoutMs: number
}

export const patienceLimits = (
  config: Pick<OpenStackConfig, 'requestRetries' | 'rateLimitTimeoutMs'>,
): PatienceLimits => ({ retries: config.requestRetries, rateLimitTimeoutMs: config.rateLimitTimeoutMs })

export interface PatienceOptions extends PatienceLimits {
  readonly clock: Clock
  readonly log: Logger
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/**
 * How often, and when, a request is sent again that a look-up showed to be without effect (driver spec §3.5). A service
 * that asks for time gets it, and such waits are limited by their sum instead of their number.
 */
export class Patience {
  readonly #options: PatienceOptions
  #repetitions = 0
  #askedMs = 0

  constructor(options: PatienceOptions) {
    this.#options = options
  }

  /**
   * Resolves when it is time to send the request again.
   * @param what for messages, for example `server vm-1234`
   * @param passedMs time since the answer in doubt, which counts
   * @throws the doubt itself, or kind `rate-limited`, when it is not to be sent again; kind `aborted`
   */
  async beforeRepeating(what: string, doubt: OpenStackError, passedMs: number): Promise<void> {
    const { clock, log, signal, retries, rateLimitTimeoutMs } = this.#options
    if (doubt.retryAfterMs === undefined) {
      this.#repetitions += 1
      if (this.#repetitions > retries) throw doubt
    } else {
      this.#askedMs += Math.max(doubt.retryAfterMs, passedMs)
      if (this.#askedMs > rateLimitTimeoutMs) throw tooLong(doubt)
    }
    if (signal.aborted) throw aborted(what, doubt)
    const leftMs = (doubt.retryAfterMs ?? 0) - passedMs
    if (leftMs <= 0) return
    log.info(`${what}: the service asks to wait, sending it again in ${(leftMs / 1000).toFixed(1)} s`)
    try {
      await clock.sleep(leftMs, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      throw aborted(what, doubt)
    }
  }
}

const aborted = (what: string, cause: OpenStackError): OpenStackError =>
  new OpenStackError('aborted', `The call was told to end before ${what} was tried again`, { cause })

/** A look-up has shown that the request took no effect. */
function tooLong(doubt: OpenStackError): OpenStackError {
  const message = `The service asks to wait for longer than rate_limit_timeout: ${doubt.message}`
  return new OpenStackError('rate-limited', message, detailsOf(doubt))
}
