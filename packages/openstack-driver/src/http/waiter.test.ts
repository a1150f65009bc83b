import { describe, expect, test } from 'vitest'
import { instantClock } from '../../test/instant-clock.ts'
import { recordingLog } from '../../test/recording-log.ts'
import { OpenStackError } from './openstack-error.ts'
import { done, failed, type Pace, type Wait, waitFor, waiting } from './waiter.ts'

interface Thing {
  readonly status: string
}

const setUp = (changes: Partial<Pace> = {}) => {
  const clock = instantClock()
  const log = recordingLog()
  const pace: Pace = {
    clock,
    log,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
    pollIntervalMs: 5_000,
    ...changes,
  }
  return { clock, log, pace }
}

const waitForActive = (
  poll: () => Promise<Thing | undefined>,
  changes: Partial<Wait<Thing, Thing>> = {},
): Wait<Thing, Thing> => ({
  what: "Server `1'",
  target: 'active',
  poll,
  state: ({ status }) => status,
  classify: (thing) => {
    if (thing.status === 'error') return failed('No valid host was found.')
    return thing.status === 'active' ? done(thing) : waiting
  },
  ...changes,
})

/** Answers one state after the other, the last one for ever. */
const states = (...names: readonly (string | undefined | Error)[]) => {
  let polls = 0
  return {
    count: () => polls,
    poll: async (): Promise<Thing | undefined> => {
      const state = names[Math.min(polls++, names.length - 1)]
      if (state instanceof Error) throw state
      return state === undefined ? undefined : { status: state }
    },
  }
}

describe('§3.6 how a wait ends', () => {
  test('with the object when it is in the wanted state; each change is logged once', async () => {
    const { pace, log } = setUp()
    expect(await waitFor(pace, waitForActive(states('build', 'build', 'active').poll))).toEqual({ status: 'active' })
    expect(log.lines).toEqual([
      "info Server `1' is build, waiting for active",
      "info Server `1' is active, waiting for active",
    ])
  })

  test('fails immediately in a state of failure, with the reason that the service gives', async () => {
    const { pace, clock } = setUp()
    await expect(waitFor(pace, waitForActive(states('build', 'error').poll))).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: "Server `1' state is error, expected active\nNo valid host was found.",
    })
    expect(clock.monotonicMs()).toBe(1_000)
  })

  test('when the object is gone: failure, or success of a wait for that', async () => {
    const { pace } = setUp()
    const { poll } = states('active', undefined)
    const wait = waitForActive(poll, { classify: () => waiting })
    await expect(waitFor(pace, wait)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: "Server `1': Resource not found",
    })
    const gone: Thing = { status: 'gone' }
    expect(await waitFor(pace, { ...wait, poll: states('active', undefined).poll, whenGone: () => gone })).toBe(gone)
  })

  test('after state_timeout, having looked once more at the very end', async () => {
    const { pace, clock } = setUp({ timeoutMs: 7_000 })
    const never = states('build')
    await expect(waitFor(pace, waitForActive(never.poll))).rejects.toMatchObject({
      kind: 'wait-timeout',
      message: expect.stringContaining("Timed out waiting for Server `1' to be active"),
    })
    expect(clock.monotonicMs()).toBe(7_000)
    expect(never.count()).toBe(5) // 0.25, 1, 2.5, 5 and 7 s
  })

  test('when the call is interrupted', async () => {
    const controller = new AbortController()
    const { pace } = setUp({ signal: controller.signal })
    const poll = async () => {
      controller.abort(new Error('SIGTERM'))
      return { status: 'build' }
    }
    await expect(waitFor(pace, waitForActive(poll))).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('§3.6 c: what passes does not end a wait', () => {
  const transient = [
    new OpenStackError('network', 'reset'),
    new OpenStackError('timeout', 'slow'),
    new OpenStackError('http', 'broken', { status: 503 }),
  ]
  test.each(transient)('$message', async (error) => {
    const { pace, log } = setUp()
    expect(await waitFor(pace, waitForActive(states(error, 'active').poll))).toEqual({ status: 'active' })
    expect(log.lines.join()).toContain(error.message)
  })

  test.each([
    new OpenStackError('auth', 'no'),
    new OpenStackError('http', 'forbidden', { status: 403 }),
    new TypeError('a mistake'),
  ])('but $message does', async (error) => {
    const { pace } = setUp()
    await expect(waitFor(pace, waitForActive(states(error, 'active').poll))).rejects.toBe(error)
  })

  test('and the last failure is the cause when time runs out', async () => {
    const { pace } = setUp()
    const error = new OpenStackError('network', 'reset')
    await expect(waitFor(pace, waitForActive(states(error).poll))).rejects.toMatchObject({
      kind: 'wait-timeout',
      cause: error,
    })
  })
})
