import type { Logger } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import { OpenStackError } from './openstack-error.ts'

/** How a wait goes on: its clock, its limits, what ends it early. `DriverContext.pace` has the configured one. */
export interface Pace {
  readonly clock: Clock
  readonly log: Logger
  /** Ends the wait with kind `aborted`. */
  readonly signal: AbortSignal
  /** `state_timeout`. */
  readonly timeoutMs: number
  /** `wait_resource_poll_interval`: the longest pause between polls. */
  readonly pollIntervalMs: number
}

/** What one look at the object means for the wait. */
export type Verdict<R> =
  | { readonly is: 'done'; readonly result: R }
  | { readonly is: 'waiting' }
  /** Final; `reason` is appended to the message, for example Nova's fault. */
  | { readonly is: 'failed'; readonly reason?: string }

export interface Wait<T, R> {
  /** As in the messages: "Server `<id>'". */
  readonly what: string
  /** The wanted state in lower case, for example `active` or `deleted`. */
  readonly target: string
  /** Reads the object; undefined when it is not there (404). A transient failure is logged and the wait goes on. */
  readonly poll: () => Promise<T | undefined>
  /** The object's state in lower case, as logged on change. */
  readonly state: (object: T) => string
  readonly judge: (object: T) => Verdict<R>
  /** Not there: success of a wait for deletion; otherwise absent, and the wait fails with "Resource not found". */
  readonly whenGone?: () => R
}

/** The verdict "reached". */
export const done = <R>(result: R): Verdict<R> => ({ is: 'done', result })
/** The verdict "not yet". */
export const waiting: Verdict<never> = { is: 'waiting' }
/** The verdict "never". */
export const failed = (reason?: string): Verdict<never> =>
  reason === undefined ? { is: 'failed' } : { is: 'failed', reason }

/**
 * Polls until the object is in the wanted state (driver spec §3.6). Throws `OpenStackError` of kind `unexpected-state`,
 * `wait-timeout` or `aborted`.
 */
export async function waitFor<T, R>(pace: Pace, wait: Wait<T, R>): Promise<R> {
  const startMs = pace.clock.monotonicMs()
  let seen: string | undefined
  for (let polls = 0; ; polls++) {
    const object = await wait.poll()
    if (object === undefined) {
      if (wait.whenGone !== undefined) return wait.whenGone()
      throw new OpenStackError('unexpected-state', `${wait.what}: Resource not found`)
    }
    const state = wait.state(object)
    if (state !== seen) pace.log.info(`${wait.what} is ${state}, waiting for ${wait.target}`)
    seen = state
    const verdict = wait.judge(object)
    if (verdict.is === 'done') return verdict.result
    if (verdict.is === 'failed') {
      const reason = verdict.reason === undefined ? '' : `\n${verdict.reason}`
      throw new OpenStackError('unexpected-state', `${wait.what} state is ${state}, expected ${wait.target}${reason}`)
    }
    if (pace.clock.monotonicMs() - startMs >= pace.timeoutMs) {
      throw new OpenStackError(
        'wait-timeout',
        `Timed out waiting for ${wait.what} to be ${wait.target}, it is ${state}`,
      )
    }
    await pace.clock.sleep(Math.min(250 * 2 ** polls, pace.pollIntervalMs), pace.signal)
  }
}
