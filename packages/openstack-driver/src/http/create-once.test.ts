import { describe, expect, test } from 'vitest'
import { instantClock } from '../../test/instant-clock.ts'
import { recordingLog } from '../../test/recording-log.ts'
import { createOnce } from './create-once.ts'
import { OpenStackError } from './openstack-error.ts'
import type { ServiceClient } from './service-client.ts'

interface Thing {
  readonly id: string
}

const lost = new OpenStackError('ambiguous', 'the answer was lost')
const refused = new OpenStackError('http', 'Quota exceeded', { status: 403 })

/** Nothing here calls it: it is only handed through. */
const settling: ServiceClient = {
  get: () => Promise.reject(lost),
  post: () => Promise.reject(lost),
  put: () => Promise.reject(lost),
  patch: () => Promise.reject(lost),
  delete: () => Promise.reject(lost),
  pages: async function* () {},
  upload: () => Promise.reject(lost),
  createOnce: () => Promise.reject(lost),
  supports: () => Promise.reject(lost),
}

/**
 * A cloud with one kind of thing, all of the same name.
 * @param attempts what each create does: whether it takes effect, how it answers, and which look is the first to show it
 */
const setUp = (
  attempts: readonly { effect: boolean; answer: 'ok' | Error; visibleFromLook?: number }[],
  signal = new AbortController().signal,
  failingDiscards = 0,
) => {
  const clock = instantClock()
  const log = recordingLog()
  const things: { id: string; visibleFromLook: number }[] = []
  let creates = 0
  let looks = 0
  let discardFailures = failingDiscards
  const run = () =>
    createOnce<Thing>(
      {
        what: 'volume volume-1',
        create: async () => {
          const attempt = attempts[creates++]
          if (attempt === undefined) throw new RangeError('created more often than expected')
          const id = `id-${creates}`
          if (attempt.effect) things.push({ id, visibleFromLook: attempt.visibleFromLook ?? 1 })
          if (attempt.answer !== 'ok') throw attempt.answer
          return { id }
        },
        find: async () => {
          looks += 1
          return things.filter((thing) => thing.visibleFromLook <= looks)
        },
        discard: async (_, found) => {
          if (discardFailures-- > 0) throw new OpenStackError('http', 'still creating', { status: 400 })
          things.splice(
            things.findIndex((thing) => thing.id === found.id),
            1,
          )
        },
      },
      { clock, log, signal, settling, retries: 2, rateLimitTimeoutMs: 60_000 },
    )
  return { run, clock, log, ids: () => things.map((thing) => thing.id), creates: () => creates }
}

describe('§3.5 an ambiguous POST', () => {
  test('took effect: it is adopted, at once', async () => {
    const cloud = setUp([{ effect: true, answer: lost }])
    expect(await cloud.run()).toMatchObject({ id: 'id-1' })
    expect(cloud.clock.slept).toEqual([])
    expect(cloud.log.lines.join()).toContain('looking for volume volume-1')
  })

  test('took effect a moment later: it is adopted at the second look', async () => {
    const cloud = setUp([{ effect: true, answer: lost, visibleFromLook: 2 }])
    expect(await cloud.run()).toMatchObject({ id: 'id-1' })
    expect(cloud.creates()).toBe(1)
  })

  test('took no effect: it is sent again after 3 s', async () => {
    const cloud = setUp([
      { effect: false, answer: lost },
      { effect: true, answer: 'ok' },
    ])
    expect(await cloud.run()).toMatchObject({ id: 'id-2' })
    expect(cloud.clock.slept).toEqual([3_000])
    expect(cloud.ids()).toEqual(['id-2'])
  })

  test('came to life after all: the twin goes', async () => {
    const cloud = setUp([
      { effect: true, answer: lost, visibleFromLook: 3 },
      { effect: true, answer: 'ok' },
    ])
    expect(await cloud.run()).toMatchObject({ id: 'id-2' })
    expect(cloud.ids()).toEqual(['id-2'])
  })

  test('a twin that cannot go yet is tried again; one that never goes is told, and what was made is returned', async () => {
    const attempts = [
      { effect: true, answer: lost, visibleFromLook: 3 },
      { effect: true, answer: 'ok' as const },
    ]
    const slow = setUp(attempts, undefined, 2)
    expect(await slow.run()).toMatchObject({ id: 'id-2' })
    expect(slow.ids()).toEqual(['id-2'])
    const stuck = setUp(attempts, undefined, 99)
    expect(await stuck.run()).toMatchObject({ id: 'id-2' })
    expect(stuck.log.lines.join()).toContain('error volume volume-1: id-1 could not be removed and stays')
  })

  test('then a refusal: what the lost attempt made goes, and the refusal is raised', async () => {
    const cloud = setUp([
      { effect: true, answer: lost, visibleFromLook: 3 },
      { effect: false, answer: refused },
    ])
    await expect(cloud.run()).rejects.toBe(refused)
    expect(cloud.ids()).toEqual([])
  })

  test('again and again: it gives up with the last doubt', async () => {
    const cloud = setUp(Array.from({ length: 3 }, () => ({ effect: false, answer: lost })))
    await expect(cloud.run()).rejects.toBe(lost)
    expect(cloud.creates()).toBe(3)
  })

  describe('to a service that asks for time', () => {
    const busy = new OpenStackError('ambiguous', '503', { status: 503, retryAfterMs: 15_000 })
    const refusal = { effect: false, answer: busy }

    test('waits as long, more often than request_retries', async () => {
      const cloud = setUp([refusal, refusal, refusal, refusal, { effect: true, answer: 'ok' }])
      expect(await cloud.run()).toMatchObject({ id: 'id-5' })
      expect(cloud.clock.slept).toEqual([3_000, 12_000, 3_000, 12_000, 3_000, 12_000, 3_000, 12_000])
    })

    test('is given up when rate_limit_timeout is used up', async () => {
      const cloud = setUp(Array.from({ length: 5 }, () => refusal))
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'rate-limited', status: 503, cause: busy })
      expect(cloud.clock.monotonicMs()).toBeLessThanOrEqual(63_000)
    })

    test('is not waited for when the call is told to end', async () => {
      const ending = new AbortController()
      const cloud = setUp([refusal], ending.signal)
      const { sleep } = cloud.clock
      cloud.clock.sleep = async (ms, signal) => {
        if (signal === ending.signal) ending.abort()
        await sleep(ms, signal)
      }
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'aborted', cause: busy })
    })
  })
})

test('a plain refusal is raised without a look', async () => {
  const cloud = setUp([{ effect: false, answer: refused }])
  await expect(cloud.run()).rejects.toBe(refused)
})

test('design invariant 5: told to end, it still finds out, and adopts so that the caller can roll back', async () => {
  const cloud = setUp([{ effect: true, answer: lost, visibleFromLook: 2 }], AbortSignal.abort())
  expect(await cloud.run()).toMatchObject({ id: 'id-1' })
})

test('told to end, it does not create again', async () => {
  const cloud = setUp([{ effect: false, answer: lost }], AbortSignal.abort())
  await expect(cloud.run()).rejects.toMatchObject({ kind: 'aborted', cause: lost })
  expect(cloud.creates()).toBe(1)
})
