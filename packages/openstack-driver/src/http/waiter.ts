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
export type Classification<R> =
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
  /** The object's state in lower case, as logged on change and given to `classify`. */
  readonly state: (object: T) => string
  readonly classify: (object: T, state: string) => Classification<R>
  /** Not there: success of a wait for deletion; otherwise absent, and the wait fails with "Resource not found". */
  readonly whenGone?: () => R
  /** Look at once instead of after a moment: for a state that may well be there already. */
  readonly mayHoldAlready?: boolean
  /** Leave out looks before this moment: no cloud boots a server within a second, or deletes one in half of it. */
  readonly notBeforeMs?: number
}

/** The classification "reached". */
export const done = <R>(result: R): Classification<R> => ({ is: 'done', result })
/** The classification "not yet". */
export const waiting: Classification<never> = { is: 'waiting' }
/** The classification "never". */
export const failed = (reason?: string): Classification<never> =>
  reason === undefined ? { is: 'failed' } : { is: 'failed', reason }

/**
 * Polls until the object is in the wanted state (driver spec §3.6). Throws `OpenStackError` of kind `unexpected-state`,
 * `wait-timeout` or `aborted`, and what else a poll met that will not pass.
 */
export async function waitFor<T, R>(pace: Pace, wait: Wait<T, R>): Promise<R> {
  const { clock, log } = pace
  const startMs = clock.monotonicMs()
  const passedMs = (): number => clock.monotonicMs() - startMs
  let seen: string | undefined
  let lastFailure: OpenStackError | undefined
  const times = pollTimesMs(pace.pollIntervalMs, wait.mayHoldAlready ?? false, wait.notBeforeMs)
  for (const atMs of times) {
    await pause(Math.min(atMs, pace.timeoutMs) - passedMs(), wait, pace)
    const isLast = passedMs() >= pace.timeoutMs
    const look = await lookAt(wait)
    if ('failure' in look) {
      lastFailure = look.failure
      log.warn(`${wait.what}: reading its state failed, waiting on: ${look.failure.message}`)
    } else {
      const { object } = look
      lastFailure = undefined
      const state = object === undefined ? 'gone' : wait.state(object)
      if (state !== seen) log.info(`${wait.what} is ${state}, waiting for ${wait.target}`)
      seen = state
      const classification = classify(wait, object, state)
      if (classification.is === 'done') return classification.result
    }
    if (isLast) break
  }
  throw new OpenStackError(
    'wait-timeout',
    `Timed out waiting for ${wait.what} to be ${wait.target} after ${pace.timeoutMs / 1000} s, it is ${seen ?? 'unknown'}` +
      (lastFailure === undefined ? '' : `. Its state could not be read: ${lastFailure.message}`),
    lastFailure === undefined ? {} : { cause: lastFailure },
  )
}

/** Longest stretch, in intervals, in which a wait also looks half-way between two regular polls. */
const eagerIntervals = 3

/**
 * When to look, in milliseconds from the start: soon at first, later only once per interval. Every multiple of the
 * interval is among them, so that no wait ends later than with a fixed interval; and at each of these there were at most
 * twice as many polls as with a fixed interval that looks at once and then at each multiple (design invariant 7).
 * @param notBeforeMs leaves out looks before this moment, but none at a multiple of the interval
 */
export function* pollTimesMs(intervalMs: number, looksAtOnce: boolean, notBeforeMs = 0): Generator<number, never> {
  const early = [...(looksAtOnce ? [0] : []), 250, 1_000].filter((atMs) => atMs < intervalMs / 2 && atMs >= notBeforeMs)
  yield* early.slice(0, 2)
  for (let interval = 0; ; interval++) {
    const halfWayMs = (interval + 0.5) * intervalMs
    if (interval < eagerIntervals && halfWayMs >= notBeforeMs) yield halfWayMs
    yield (interval + 1) * intervalMs
  }
}

function classify<T, R>(wait: Wait<T, R>, object: T | undefined, state: string): Classification<R> {
  if (object === undefined) {
    if (wait.whenGone !== undefined) return done(wait.whenGone())
    throw new OpenStackError('unexpected-state', `${wait.what}: Resource not found`)
  }
  const classification = wait.classify(object, state)
  if (classification.is !== 'failed') return classification
  const reason = classification.reason === undefined || classification.reason === '' ? '' : `\n${classification.reason}`
  throw new OpenStackError('unexpected-state', `${wait.what} state is ${state}, expected ${wait.target}${reason}`)
}

type Look<T> = { readonly object: T | undefined } | { readonly failure: OpenStackError }

async function lookAt<T, R>(wait: Wait<T, R>): Promise<Look<T>> {
  try {
    return { object: await wait.poll() }
  } catch (error) {
    if (isTransient(error)) return { failure: error }
    throw error
  }
}

const isTransient = (error: unknown): error is OpenStackError & { readonly status: number | undefined } =>
  error instanceof OpenStackError &&
  (['network', 'timeout', 'rate-limited', 'foreign-answer'].includes(error.kind) ||
    (error.kind === 'http' && (error.status ?? 0) >= 500))

async function pause<T, R>(ms: number, wait: Wait<T, R>, { clock, signal }: Pace): Promise<void> {
  try {
    signal.throwIfAborted()
    if (ms > 0) await clock.sleep(ms, signal)
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new OpenStackError(
      'aborted',
      `The call was told to end while waiting for ${wait.what} to be ${wait.target}`,
      {
        cause,
      },
    )
  }
}
