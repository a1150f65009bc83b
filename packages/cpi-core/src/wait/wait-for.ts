import { messageOf } from '../errors/error-chain.ts'
import type { Logger } from '../log/logger.ts'
import { pollTimesMs } from './poll-times.ts'
import { systemWaitClock, type WaitClock } from './wait-clock.ts'

/** How a wait goes on: its clock, its limits, what ends it early. */
export interface Pace {
  /** Default: the platform's clock and timers. */
  readonly clock?: WaitClock
  readonly log: Logger
  /** Ends the wait with a {@link WaitError} of kind `aborted`. In a rollback: `neverAborted()`. */
  readonly signal: AbortSignal
  /** The longest wait, in milliseconds. */
  readonly timeoutMs: number
  /** The longest pause between polls, in milliseconds; the first polls follow each other faster. */
  readonly pollIntervalMs: number
}

/** What one poll of the object means for the wait. */
export type Classification<R> =
  | { readonly is: 'done'; readonly result: R }
  | { readonly is: 'waiting' }
  /** Final. `reason` is appended to the message, for example the cloud's own explanation. */
  | { readonly is: 'failed'; readonly reason?: string }

/** One object to wait for. */
export interface Wait<T, R> {
  /** As in the messages: `VM 'vm-1'`. */
  readonly what: string
  /** The wanted state in lower case, for example `running` or `deleted`. */
  readonly target: string
  /** Reads the object; undefined when it does not exist. */
  readonly poll: () => Promise<T | undefined>
  /** The object's state in lower case, as logged on change and given to `classify`. */
  readonly state: (object: T) => string
  readonly classify: (object: T, state: string) => Classification<R>
  /** The result when the object does not exist: for a wait for its deletion. Without it the wait fails as `gone`. */
  readonly whenGone?: () => R
  /** True for an error of `poll` that may pass: it is logged, and the wait goes on. Default: every error is final. */
  readonly isTransient?: (error: unknown) => boolean
  /** "Not found" counts only from this moment on, in milliseconds: a replica may not show yet what was just created. */
  readonly visibleWithinMs?: number
  /**
   * When to poll first, in milliseconds: 0 for a state that may be reached already, later where it never is sooner.
   * Default: 250. A multiple of the interval is never left out.
   */
  readonly firstPollMs?: number
}

/** The classification "reached". */
export const done = <R>(result: R): Classification<R> => ({ is: 'done', result })
/** The classification "not yet". */
export const waiting: Classification<never> = { is: 'waiting' }
/** The classification "never". */
export const failed = (reason?: string): Classification<never> =>
  reason === undefined ? { is: 'failed' } : { is: 'failed', reason }

/** Why a wait ended without success. */
export type WaitErrorKind = 'timed-out' | 'failed' | 'gone' | 'aborted'

/** A wait that did not reach its state. */
export class WaitError extends Error {
  override readonly name = 'WaitError'
  readonly kind: WaitErrorKind

  constructor(kind: WaitErrorKind, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.kind = kind
  }
}

/**
 * Polls until the object is in the wanted state: soon at first, later once per interval. Every change of state is logged
 * with its reason (contract §2). Throws {@link WaitError}, and what `poll` throws that is not transient.
 */
export async function waitFor<T, R>(pace: Pace, wait: Wait<T, R>): Promise<R> {
  const { clock = systemWaitClock, log } = pace
  const startMs = clock.monotonicMs()
  const passedMs = (): number => clock.monotonicMs() - startMs
  let seen: string | undefined
  let lastFailure: unknown
  for (const atMs of pollTimesMs(pace.pollIntervalMs, wait.firstPollMs)) {
    await pause(Math.min(atMs, pace.timeoutMs) - passedMs(), wait, pace.signal, clock)
    const isLast = passedMs() >= pace.timeoutMs
    const polled = await poll(wait)
    lastFailure = polled.failure
    if ('failure' in polled) {
      log.warn(`${wait.what}: reading its state failed, the wait goes on: ${messageOf(polled.failure)}`)
    } else {
      const { object } = polled
      const state = object === undefined ? 'gone' : wait.state(object)
      if (state !== seen) log.info(`${wait.what} is ${state}, waiting for ${wait.target}`)
      seen = state
      const isNotYetVisible = object === undefined && passedMs() < (wait.visibleWithinMs ?? 0)
      const classification = isNotYetVisible ? waiting : classify(wait, object, state)
      if (classification.is === 'done') return classification.result
    }
    if (isLast) break
  }
  const unread = lastFailure === undefined ? '' : `. Its state could not be read: ${messageOf(lastFailure)}`
  throw new WaitError(
    'timed-out',
    `Timed out waiting for ${wait.what} to be ${wait.target} after ${pace.timeoutMs / 1000} s, it is ${seen ?? 'unknown'}${unread}`,
    lastFailure === undefined ? {} : { cause: lastFailure },
  )
}

function classify<T, R>(wait: Wait<T, R>, object: T | undefined, state: string): Classification<R> {
  if (object === undefined) {
    if (wait.whenGone !== undefined) return done(wait.whenGone())
    throw new WaitError('gone', `${wait.what}: Resource not found`)
  }
  const classification = wait.classify(object, state)
  if (classification.is !== 'failed') return classification
  const reason = (classification.reason ?? '') === '' ? '' : `\n${classification.reason}`
  throw new WaitError('failed', `${wait.what} state is ${state}, expected ${wait.target}${reason}`)
}

type Polled<T> = { readonly object: T | undefined; readonly failure?: never } | { readonly failure: unknown }

async function poll<T, R>(wait: Wait<T, R>): Promise<Polled<T>> {
  try {
    return { object: await wait.poll() }
  } catch (error) {
    if (wait.isTransient?.(error) === true) return { failure: error }
    throw error
  }
}

async function pause<T, R>(ms: number, wait: Wait<T, R>, signal: AbortSignal, clock: WaitClock): Promise<void> {
  try {
    signal.throwIfAborted()
    if (ms > 0) await clock.sleep(ms, signal)
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new WaitError('aborted', `The call was interrupted while waiting for ${wait.what} to be ${wait.target}`, {
      cause,
    })
  }
}
