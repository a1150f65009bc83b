import type { Clock } from '../log/clock.ts'

/** The clock of this process. It does not use `performance.now`, for which Node loads a module. */
export const processClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
}
