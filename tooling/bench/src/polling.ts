import { pollTimesMs } from '@openstack-cpi/cpi-core'

/** Waits of one length, averaged: ours, and with a fixed interval that polls immediately and then at each multiple. */
export interface PollingFigures {
  readonly intervalMs: number
  readonly readyAfterMs: readonly [number, number]
  readonly ourWallRatio: number
  readonly ourRequestRatio: number
  /** Over all moments in the range: the most that a wait took longer than with a fixed interval, ms. */
  readonly worstDelayMs: number
}

const moments = 2_000
const ranges: readonly (readonly [number, number])[] = [
  [100, 1_000],
  [1_000, 5_000],
  [5_000, 30_000],
  [30_000, 120_000],
]

/** No clock is needed: when the driver polls is a plain list of times. */
export function benchPolling(intervalsMs: readonly number[] = [1_000, 5_000]): readonly PollingFigures[] {
  return intervalsMs.flatMap((intervalMs) => ranges.map((range) => compare(intervalMs, range)))
}

function compare(intervalMs: number, range: readonly [number, number]): PollingFigures {
  const [from, to] = range
  const sums = { ourWall: 0, fixedWall: 0, ourRequests: 0, fixedRequests: 0 }
  let worstDelayMs = 0
  for (let moment = 0; moment < moments; moment++) {
    const readyMs = from + ((to - from) * (moment + 0.5)) / moments
    const ours = ourWait(intervalMs, readyMs)
    const intervals = Math.ceil(readyMs / intervalMs)
    sums.ourWall += ours.endMs
    sums.ourRequests += ours.polls
    sums.fixedWall += intervals * intervalMs
    sums.fixedRequests += intervals + 1
    worstDelayMs = Math.max(worstDelayMs, ours.endMs - intervals * intervalMs)
  }
  return {
    intervalMs,
    readyAfterMs: range,
    ourWallRatio: sums.ourWall / sums.fixedWall,
    ourRequestRatio: sums.ourRequests / sums.fixedRequests,
    worstDelayMs,
  }
}

function ourWait(intervalMs: number, readyMs: number): { readonly endMs: number; readonly polls: number } {
  let polls = 0
  for (const atMs of pollTimesMs(intervalMs)) {
    polls++
    if (atMs >= readyMs) return { endMs: atMs, polls }
  }
  throw new Error('the list of polls has an end')
}
