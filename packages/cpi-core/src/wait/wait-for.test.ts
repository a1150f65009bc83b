import { describe, expect, test } from 'vitest'
import { recordingLog } from '../../test/recording-log.ts'
import { systemWaitClock } from './wait-clock.ts'
import { done, failed, type Wait, waitFor, waiting } from './wait-for.ts'

/** A clock that only sleeping moves. */
const aClock = () => {
  let nowMs = 0
  return {
    monotonicMs: () => nowMs,
    sleep: async (ms: number, signal: AbortSignal) => {
      signal.throwIfAborted()
      nowMs += ms
    },
  }
}

const waitThrough = async (
  states: readonly (string | Error | undefined)[],
  more: Partial<Wait<string, string>> = {},
  signal = new AbortController().signal,
) => {
  const log = recordingLog()
  const rest = [...states]
  const polledAtMs: number[] = []
  const clock = aClock()
  const outcome = waitFor<string, string>(
    { clock, log, signal, timeoutMs: 20_000, pollIntervalMs: 5_000 },
    {
      what: "VM 'vm-1'",
      target: 'running',
      poll: async () => {
        polledAtMs.push(clock.monotonicMs())
        const next = rest.length > 1 ? rest.shift() : rest[0]
        if (next instanceof Error) throw next
        return next
      },
      state: (object) => object,
      classify: (_object, state) =>
        state === 'running' ? done('it runs') : state === 'error' ? failed('no valid host') : waiting,
      ...more,
    },
  )
  return { log, polledAtMs, result: await outcome.catch((error: unknown) => error) }
}

describe('a wait', () => {
  test('ends with the result, and logs each state once', async () => {
    const { result, log, polledAtMs } = await waitThrough(['building', 'building', 'running'])
    expect(result).toBe('it runs')
    expect(log.lines).toEqual([
      "info: VM 'vm-1' is building, waiting for running",
      "info: VM 'vm-1' is running, waiting for running",
    ])
    expect(polledAtMs).toEqual([250, 1000, 2500])
  })

  test('polls immediately where the state may be reached already', async () => {
    expect((await waitThrough(['running'], { firstPollMs: 0 })).polledAtMs).toEqual([0])
  })

  test('fails with the reason of the cloud', async () => {
    const { result } = await waitThrough(['building', 'error'])
    expect(result).toMatchObject({
      kind: 'failed',
      message: "VM 'vm-1' state is error, expected running\nno valid host",
    })
  })

  test('for a deletion succeeds when the object is gone, another one fails', async () => {
    expect((await waitThrough([undefined], { whenGone: () => 'it is gone' })).result).toBe('it is gone')
    expect((await waitThrough([undefined])).result).toMatchObject({ kind: 'gone' })
  })

  test('takes an object that is not visible yet for missing only after a while', async () => {
    expect((await waitThrough([undefined, 'running'], { visibleWithinMs: 10_000 })).result).toBe('it runs')
    const { result, polledAtMs } = await waitThrough([undefined], { visibleWithinMs: 10_000 })
    expect(result).toMatchObject({ kind: 'gone' })
    expect(polledAtMs.at(-1)).toBe(10_000)
  })

  test('ends after its time-out, having polled at that moment, and names the last state', async () => {
    const { result, polledAtMs } = await waitThrough(['building'])
    expect(result).toMatchObject({ kind: 'timed-out', message: expect.stringMatching(/after 20 s, it is building$/) })
    expect(polledAtMs.at(-1)).toBe(20_000)
  })

  test('goes on after a transient failure, and ends with any other', async () => {
    const isTransient = (error: unknown) => error instanceof Error && error.message === '503'
    const { result, log } = await waitThrough([new Error('503'), 'running'], { isTransient })
    expect(result).toBe('it runs')
    expect(log.lines[0]).toContain('the wait goes on: 503')
    expect((await waitThrough([new Error('403'), 'running'], { isTransient })).result).toMatchObject({ message: '403' })
    const unread = await waitThrough(['building', new Error('503')], { isTransient })
    expect(unread.result).toMatchObject({ message: expect.stringContaining('it is building. Its state could not be') })
  })

  test('contract §2 ends when its signal is aborted, with the reason as cause', async () => {
    const reason = new Error('SIGTERM')
    const { result } = await waitThrough(['building'], {}, AbortSignal.abort(reason))
    expect(result).toMatchObject({ kind: 'aborted', cause: reason })
  })
})

test('the clock of the platform sleeps, and wakes when its signal is aborted', async () => {
  const never = new AbortController().signal
  const startMs = systemWaitClock.monotonicMs()
  await systemWaitClock.sleep(1, never)
  expect(systemWaitClock.monotonicMs()).toBeGreaterThan(startMs)
  const stop = new AbortController()
  const asleep = systemWaitClock.sleep(600_000, stop.signal)
  stop.abort(new Error('SIGTERM'))
  await expect(asleep).rejects.toThrow('SIGTERM')
  await expect(systemWaitClock.sleep(600_000, stop.signal)).rejects.toThrow('SIGTERM')
})
