/** Time as the driver sees it. Passed in, so that tests decide how it runs. */
export interface Clock {
  /** Milliseconds since 1970, for dates that come from outside (token expiry, `Retry-After`). */
  nowMs(): number
  /** Milliseconds that never run backwards, for deadlines and durations. */
  monotonicMs(): number
  /** Resolves after `ms`. Rejects with `signal.reason` immediately when the signal is or gets aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Randomness, passed in for the same reason. */
export interface Random {
  /** A version 4 UUID. */
  uuid(): string
  /** A number from 0 up to, not including, 1. */
  fraction(): number
}
