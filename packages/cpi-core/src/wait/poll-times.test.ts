import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pollTimesMs } from './poll-times.ts'

describe('when a wait polls', () => {
  const until = (intervalMs: number, firstPollMs: number | undefined, endMs: number): number[] => {
    const times: number[] = []
    for (const atMs of pollTimesMs(intervalMs, firstPollMs)) {
      times.push(atMs)
      if (atMs >= endMs) return times
    }
    return times
  }

  test('soon at first, later once per interval', () => {
    expect(until(5_000, undefined, 30_000)).toEqual([
      250, 1_000, 2_500, 5_000, 7_500, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000,
    ])
    expect(until(1_000, 0, 2_000)).toEqual([0, 250, 500, 1_000, 1_500, 2_000])
    expect(until(1_000, 150, 2_000)).toEqual([150, 300, 500, 1_000, 1_500, 2_000])
    expect(until(5_000, 150, 5_000)).toEqual([150, 1_000, 2_500, 5_000])
  })

  test('not immediately where it takes seconds anyway, unless the interval is shorter', () => {
    expect(until(5_000, 1_000, 5_000)).toEqual([1_000, 2_500, 5_000])
    expect(until(1_000, 1_000, 4_000)).toEqual([1_000, 1_500, 2_000, 2_500, 3_000, 4_000])
    expect(until(500, 1_000, 2_000)).toEqual([500, 1_000, 1_250, 1_500, 2_000])
  })

  test('never later than a fixed interval would notice, with at most twice its requests', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.oneof(fc.constantFrom(undefined, 0, 250, 1_000), fc.nat(3_000)),
        fc.integer({ min: 1, max: 400_000 }),
        (seconds, firstPollMs, eventMs) => {
          const intervalMs = seconds * 1_000
          const fixedNoticesMs = Math.ceil(eventMs / intervalMs) * intervalMs
          const fixedPolls = fixedNoticesMs / intervalMs + 1
          const ours = until(intervalMs, firstPollMs, eventMs)
          expect(ours.at(-1)).toBeLessThanOrEqual(fixedNoticesMs)
          expect(ours.length).toBeLessThanOrEqual(2 * fixedPolls)
          expect(ours).toEqual([...new Set(ours)].sort((a, b) => a - b))
        },
      ),
    )
  })
})
