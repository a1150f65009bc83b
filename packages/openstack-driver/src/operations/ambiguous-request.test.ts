import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { OpenStackError } from '../http/openstack-error.ts'
import { withRollback } from '../rollback.ts'
import { createRecognisable, sendNonIdempotent } from './ambiguous-request.ts'

const noResponse = new OpenStackError('ambiguous', 'no response was received')
const refused = new OpenStackError('http', 'Quota exceeded', { status: 403 })
const unavailable = new OpenStackError('network', 'the look-up cannot connect')

interface Attempt {
  /** Whether the create takes effect. */
  readonly effect: boolean
  readonly response: 'ok' | Error
  /** The first look-up that shows what it made. */
  readonly visibleFromLook?: number
}

interface SetUp {
  readonly signal?: AbortSignal
  readonly failingRemovals?: number
  /** Look-ups, by number from 1, that fail. */
  readonly failingLooks?: readonly number[]
  /** Whether the steps after the creation fail. */
  readonly failsLater?: boolean
}

/** A cloud with volumes of one name, created by a call whose rollback runs when it fails. */
async function setUp(attempts: readonly Attempt[], given: SetUp = {}) {
  const { ctx, clock, log } = await scriptedCloud({
    properties: { request_retries: 2, rate_limit_timeout: 60 },
    ...(given.signal === undefined ? {} : { signal: given.signal }),
  })
  const volumes: { id: string; visibleFromLook: number }[] = []
  let creates = 0
  let looks = 0
  let removalFailures = given.failingRemovals ?? 0
  const run = () =>
    withRollback(ctx, async (rollback) => {
      const made = await createRecognisable<{ readonly id: string }>(ctx, rollback, {
        what: 'volume volume-1',
        label: ({ id }) => `volume ${id}`,
        create: async () => {
          const attempt = attempts[creates++]
          if (attempt === undefined) throw new RangeError('created more often than expected')
          const id = `id-${creates}`
          if (attempt.effect) volumes.push({ id, visibleFromLook: attempt.visibleFromLook ?? 1 })
          if (attempt.response !== 'ok') throw attempt.response
          return { id }
        },
        find: async () => {
          looks += 1
          if (given.failingLooks?.includes(looks) === true) throw unavailable
          return volumes.filter((volume) => volume.visibleFromLook <= looks)
        },
        remove: async (_, found) => {
          if (removalFailures-- > 0) throw new OpenStackError('http', 'still creating', { status: 400 })
          const at = volumes.findIndex((volume) => volume.id === found.id)
          if (at >= 0) volumes.splice(at, 1)
        },
      })
      if (given.failsLater === true) throw new Error('a later step failed')
      return made
    })
  return {
    run,
    clock,
    log,
    waitBudget: ctx.waitBudget,
    ids: () => volumes.map(({ id }) => id),
    creates: () => creates,
    looks: () => looks,
  }
}

test('§3.5 a create that is interrupted before it is sent leaves nothing to look for', async () => {
  const response = new OpenStackError('aborted', 'The call was interrupted during the login')
  const cloud = await setUp([{ effect: false, response }])
  await expect(cloud.run()).rejects.toBe(response)
  expect(cloud.looks()).toBe(0)
})

describe('§3.5 a create whose result is unknown', () => {
  test('adopts the object immediately when it exists', async () => {
    const cloud = await setUp([{ effect: true, response: noResponse }])
    expect(await cloud.run()).toMatchObject({ id: 'id-1' })
    expect(cloud.clock.slept).toEqual([])
    expect(cloud.log.join()).toContain('looking for volume volume-1')
  })

  test('adopts the object at the second look when it appears a moment later', async () => {
    const cloud = await setUp([{ effect: true, response: noResponse, visibleFromLook: 2 }])
    expect(await cloud.run()).toMatchObject({ id: 'id-1' })
    expect(cloud.creates()).toBe(1)
  })

  test('is sent again after 3 s when it had no effect', async () => {
    const cloud = await setUp([
      { effect: false, response: noResponse },
      { effect: true, response: 'ok' },
    ])
    expect(await cloud.run()).toMatchObject({ id: 'id-2' })
    expect(cloud.clock.slept).toEqual([3_000])
    expect(cloud.ids()).toEqual(['id-2'])
  })

  test('removes the duplicate when an earlier attempt succeeds after the look-up', async () => {
    const cloud = await setUp([
      { effect: true, response: noResponse, visibleFromLook: 3 },
      { effect: true, response: 'ok' },
    ])
    expect(await cloud.run()).toMatchObject({ id: 'id-2' })
    expect(cloud.ids()).toEqual(['id-2'])
  })

  test('tries to remove a duplicate again, and reports one that stays', async () => {
    const attempts: Attempt[] = [
      { effect: true, response: noResponse, visibleFromLook: 3 },
      { effect: true, response: 'ok' },
    ]
    const slow = await setUp(attempts, { failingRemovals: 2 })
    expect(await slow.run()).toMatchObject({ id: 'id-2' })
    expect(slow.ids()).toEqual(['id-2'])
    const stuck = await setUp(attempts, { failingRemovals: 99 })
    expect(await stuck.run()).toMatchObject({ id: 'id-2' })
    expect(stuck.log.join()).toContain('error volume volume-1: duplicate id-1 could not be removed')
  })

  test('adopts what an earlier attempt created when the next one is refused', async () => {
    const cloud = await setUp([
      { effect: true, response: noResponse, visibleFromLook: 3 },
      { effect: false, response: refused },
    ])
    expect(await cloud.run()).toMatchObject({ id: 'id-1' })
    expect(cloud.ids()).toEqual(['id-1'])
  })

  test('raises the refusal when no earlier attempt created anything', async () => {
    const cloud = await setUp([
      { effect: false, response: noResponse },
      { effect: false, response: refused },
    ])
    await expect(cloud.run()).rejects.toBe(refused)
  })

  test('gives up with the last error when the retry budget is used up', async () => {
    const cloud = await setUp(Array.from({ length: 3 }, () => ({ effect: false, response: noResponse })))
    await expect(cloud.run()).rejects.toBe(noResponse)
    expect(cloud.creates()).toBe(3)
  })

  test('design invariant 1: the undo removes by name what was created while the look-up failed', async () => {
    const cloud = await setUp([{ effect: true, response: noResponse }], { failingLooks: [1] })
    const error = await cloud.run().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'ambiguous', mayHaveLeft: false, cause: unavailable })
    expect(String(error)).toContain('looking for volume volume-1 failed: the look-up cannot connect')
    expect(cloud.ids()).toEqual([])
  })

  test('names what may exist when the undo cannot look it up either', async () => {
    const cloud = await setUp([{ effect: true, response: noResponse }], { failingLooks: [1, 2] })
    const error = await cloud.run().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'ambiguous', mayHaveLeft: true })
    expect(String(error)).toContain('these objects may be left: volume volume-1')
  })

  test('removes the adopted object once when a later step fails', async () => {
    const cloud = await setUp([{ effect: true, response: noResponse }], { failsLater: true })
    await expect(cloud.run()).rejects.toThrow('a later step failed')
    expect(cloud.ids()).toEqual([])
    expect(cloud.looks()).toBe(1)
  })

  describe('by a service that asks to wait', () => {
    const busy = new OpenStackError('ambiguous', '503', { status: 503, retryAfterMs: 15_000 })
    const refusal: Attempt = { effect: false, response: busy }

    test('waits as long, more often than request_retries', async () => {
      const cloud = await setUp([refusal, refusal, refusal, refusal, { effect: true, response: 'ok' }])
      expect(await cloud.run()).toMatchObject({ id: 'id-5' })
      expect(cloud.clock.slept).toEqual([3_000, 12_000, 3_000, 12_000, 3_000, 12_000, 3_000, 12_000])
    })

    test('gives up when rate_limit_timeout is used up', async () => {
      const cloud = await setUp(Array.from({ length: 5 }, () => refusal))
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'rate-limited', status: 503, cause: busy })
      expect(cloud.clock.monotonicMs()).toBeLessThanOrEqual(63_000)
    })

    test('shares rate_limit_timeout with the other requests of the call', async () => {
      const cloud = await setUp([refusal, { effect: true, response: 'ok' }])
      expect(cloud.waitBudget.take(50_000)).toBe(true)
      cloud.clock.advance(50_000)
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'rate-limited', cause: busy })
      expect(cloud.creates()).toBe(1)
    })

    test('is not asked for ever when it asks for less than the pause between the look-ups', async () => {
      const atOnce = new OpenStackError('ambiguous', '503', { status: 503, retryAfterMs: 0 })
      const cloud = await setUp(Array.from({ length: 30 }, () => ({ effect: false, response: atOnce })))
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'rate-limited' })
      expect(cloud.creates()).toBe(21)
    })

    test('does not wait when the call is interrupted', async () => {
      const ending = new AbortController()
      const cloud = await setUp([refusal], { signal: ending.signal })
      const { sleep } = cloud.clock
      cloud.clock.sleep = async (ms, signal) => {
        if (signal === ending.signal) ending.abort()
        await sleep(ms, signal)
      }
      await expect(cloud.run()).rejects.toMatchObject({ kind: 'aborted', cause: busy })
    })
  })
})

test('a create that is refused is not looked up', async () => {
  const cloud = await setUp([{ effect: false, response: refused }])
  await expect(cloud.run()).rejects.toBe(refused)
  expect(cloud.looks()).toBe(0)
})

test('design invariant 5: an interrupted create is still looked up, and adopted for the rollback', async () => {
  const cloud = await setUp([{ effect: true, response: noResponse, visibleFromLook: 2 }], {
    signal: AbortSignal.abort(),
    failsLater: true,
  })
  await expect(cloud.run()).rejects.toThrow('a later step failed')
  expect(cloud.ids()).toEqual([])
})

test('design invariant 5: an interrupted create is not sent again, and the error names what may appear later', async () => {
  const cloud = await setUp([{ effect: false, response: noResponse }], { signal: AbortSignal.abort() })
  await expect(cloud.run()).rejects.toMatchObject({
    kind: 'aborted',
    message:
      'The call was interrupted while the result of creating volume volume-1 was unknown: it may take effect later. ' +
      'no response was received',
    cause: noResponse,
  })
  expect(cloud.creates()).toBe(1)
})

test('design invariant 1: an interrupted create is looked up again by its undo', async () => {
  const cloud = await setUp([{ effect: true, response: noResponse, visibleFromLook: 3 }], {
    signal: AbortSignal.abort(),
  })
  await expect(cloud.run()).rejects.toMatchObject({ kind: 'aborted' })
  expect(cloud.ids()).toEqual([])
})

test('design invariant 5: an interrupted non-idempotent request is neither checked nor sent again', async () => {
  const ending = new AbortController()
  const { ctx } = await scriptedCloud({ signal: ending.signal })
  let sent = 0
  const extending = sendNonIdempotent(
    ctx,
    'extending volume 1',
    async () => {
      sent += 1
      ending.abort()
      throw noResponse
    },
    () => Promise.reject(new OpenStackError('aborted', 'the call is interrupted')),
  )
  await expect(extending).rejects.toMatchObject({
    kind: 'aborted',
    message: expect.stringContaining('while the result of extending volume 1 was unknown'),
  })
  expect(sent).toBe(1)
})

test('§3.5 a non-idempotent request names itself when its effect cannot be checked', async () => {
  const { ctx } = await scriptedCloud()
  const extending = sendNonIdempotent(
    ctx,
    'extending volume 1',
    () => Promise.reject(noResponse),
    () => Promise.reject(unavailable),
  )
  await expect(extending).rejects.toMatchObject({
    kind: 'ambiguous',
    message:
      'no response was received; looking for the effect of extending volume 1 failed: the look-up cannot connect',
  })
})
