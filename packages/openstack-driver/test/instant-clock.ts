import type { Clock } from '../src/clock.ts'

/** A clock on which sleeping takes no time but moves the hands. */
export interface InstantClock extends Clock {
  /** Every sleep so far, in milliseconds. */
  readonly slept: readonly number[]
  advance(ms: number): void
}

/** @param startMs what the wall clock shows at first */
export function instantClock(startMs = Date.parse('2026-01-01T00:00:00Z')): InstantClock {
  let passedMs = 0
  const slept: number[] = []
  return {
    slept,
    advance: (ms) => {
      passedMs += ms
    },
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      slept.push(ms)
      passedMs += ms
    },
  }
}
