import type { Clock } from '../clock.ts'

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
