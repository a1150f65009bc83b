import { pollTimesMs } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { firstPollsMs } from './first-polls.ts'

describe('§3.6 the first poll of each kind of wait', () => {
  const untilReady = (intervalMs: number, firstPollMs: number, readyMs: number): readonly number[] => {
    const times: number[] = []
    for (const atMs of pollTimesMs(intervalMs, firstPollMs)) {
      times.push(atMs)
      if (atMs >= readyMs) return times
    }
    return times
  }

  test.each(Object.entries(firstPollsMs))(
    '%s: never later and never twice as often as a fixed interval',
    (_, firstMs) => {
      for (const intervalMs of [1_000, 2_000, 3_000, 5_000, 10_000, 60_000]) {
        for (let readyMs = 50; readyMs <= 4 * intervalMs; readyMs += 50) {
          const intervals = Math.ceil(readyMs / intervalMs)
          const times = untilReady(intervalMs, firstMs, readyMs)
          expect(times.at(-1)).toBeLessThanOrEqual(intervals * intervalMs)
          expect(times.length).toBeLessThanOrEqual(2 * (intervals + 1))
        }
      }
    },
  )

  test('is within the first interval, the shortest that can be configured', () => {
    expect(Math.max(...Object.values(firstPollsMs))).toBeLessThanOrEqual(1_000)
  })
})
