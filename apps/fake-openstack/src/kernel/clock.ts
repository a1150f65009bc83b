import { type Duration, toMs } from './duration.ts'

export type ClockMode = 'virtual' | 'real'

/** The last moment of the year 9999: the services write years with four digits. Epoch milliseconds. */
export const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export interface ClockState {
  mode: ClockMode
  /** Epoch milliseconds. */
  now: number
}

/**
 * The cloud's time. A virtual clock stands still until it is advanced; a real one runs, with an offset that `advance`
 * adds to. Nothing here waits.
 */
export class Clock {
  readonly #realNow: () => number
  readonly #settle: { run: () => void } = { run: () => undefined }
  #mode: ClockMode
  #offsetMs = 0
  #virtualNow: number
  #pinned: number | undefined

  constructor(options: { mode: ClockMode; startAt?: number | undefined; realNow?: () => number }) {
    this.#realNow = options.realNow ?? Date.now
    this.#mode = options.mode
    this.#virtualNow = options.startAt ?? Math.floor(this.#realNow() / 1000) * 1000
    if (options.startAt !== undefined) this.#offsetMs = options.startAt - this.#realNow()
  }

  get mode(): ClockMode {
    return this.#mode
  }

  /** Epoch milliseconds. While a transition is applied this is the moment at which it was due. */
  now(): number {
    return this.#pinned ?? (this.#mode === 'virtual' ? this.#virtualNow : this.#realNow() + this.#offsetMs)
  }

  /** Moves time forward and applies what becomes due on the way, in order. */
  advance(duration: Duration): void {
    const ms = toMs(duration)
    if (this.now() + ms > endOfTime) throw new RangeError('the clock does not go beyond the year 9999')
    if (this.#mode === 'virtual') this.#virtualNow += ms
    else this.#offsetMs += ms
    this.#settle.run()
  }

  /** Changes between virtual and real time without a jump. */
  setMode(mode: ClockMode): void {
    const now = this.now()
    this.#mode = mode
    if (mode === 'virtual') this.#virtualNow = now
    else this.#offsetMs = now - this.#realNow()
  }

  /** Runs `work` at another moment, for transitions that were due earlier. */
  at<R>(moment: number, work: () => R): R {
    const before = this.#pinned
    this.#pinned = moment
    try {
      return work()
    } finally {
      this.#pinned = before
    }
  }

  state(): ClockState {
    return { mode: this.#mode, now: this.now() }
  }

  /** Takes up where a snapshot was made; a real clock goes on with the present, but never back behind it. */
  restore(state: ClockState): void {
    this.#mode = state.mode
    this.#virtualNow = state.now
    this.#offsetMs = Math.max(0, state.now - this.#realNow())
  }

  /** Tells the clock what to do after time has moved; the lifecycle engine registers itself here. */
  onAdvance(run: () => void): void {
    this.#settle.run = run
  }
}
