import { expect, test } from 'vitest'
import { recordingLog } from '../../test/recording-log.ts'
import { waitUntil } from './wait-until.ts'

const pace = (log = recordingLog()) => {
  let nowMs = 0
  const clock = {
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  return { clock, log, signal: new AbortController().signal, timeoutMs: 5_000, pollIntervalMs: 1_000 }
}
const disk = { what: "Disk 'disk-1'", target: 'gone' }

test('contract §6 waitUntil polls until it holds, without a pause when it holds already', async () => {
  const answers = [false, false, true]
  const given = pace()
  await waitUntil(given, { ...disk, holds: async () => answers.shift() ?? false })
  expect(answers).toEqual([])
  const afterMs = given.clock.monotonicMs()
  await waitUntil(given, { ...disk, holds: async () => true })
  expect(given.clock.monotonicMs()).toBe(afterMs)
})

test('contract §2 waitUntil says what it waits for, and ends with its time-out', async () => {
  const log = recordingLog()
  await expect(waitUntil(pace(log), { ...disk, holds: async () => false })).rejects.toMatchObject({
    kind: 'timed-out',
    message: "Timed out waiting for Disk 'disk-1' to be gone after 5 s, it is not gone",
  })
  expect(log.lines.join()).toContain("Disk 'disk-1' is not gone, waiting for gone")
})

test('contract §6 waitUntil ends with what the look throws', async () => {
  const holds = () => Promise.reject(new Error('503'))
  await expect(waitUntil(pace(), { ...disk, holds })).rejects.toThrow('503')
})
