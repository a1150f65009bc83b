import {
  type Pace as PaceOf,
  WaitError,
  type WaitErrorKind,
  type Wait as WaitOf,
  waitFor as waitForState,
} from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import { OpenStackError, type OpenStackErrorKind } from './openstack-error.ts'

export { done, failed, waiting } from '@openstack-cpi/cpi-core'

/** How a wait goes on. `timeoutMs` is `state_timeout`, `pollIntervalMs` is `wait_resource_poll_interval`. */
export interface Pace extends PaceOf {
  readonly clock: Clock
}

/** One object to wait for; a poll that fails for a reason that may pass is logged, and the wait goes on. */
export interface Wait<T, R> extends Omit<WaitOf<T, R>, 'isTransient' | 'visibleWithinMs'> {
  /** The call made the object a moment ago: a replica may not show it yet, so "not found" counts only after 10 s. */
  readonly isJustMade?: boolean
}

/** How long an object that was just made may stay invisible, in milliseconds. */
export const visibleWithinMs = 10_000

/**
 * Polls until the object is in the wanted state (driver spec §3.6). Throws `OpenStackError` of kind `unexpected-state`,
 * `wait-timeout` or `aborted`, and errors of a poll that are not transient.
 */
export async function waitFor<T, R>(pace: Pace, { isJustMade, ...wait }: Wait<T, R>): Promise<R> {
  try {
    return await waitForState(pace, { ...wait, isTransient, ...(isJustMade === true && { visibleWithinMs }) })
  } catch (error) {
    if (!(error instanceof WaitError)) throw error
    const { cause } = error
    throw new OpenStackError(kinds[error.kind], error.message, cause === undefined ? {} : { cause })
  }
}

const kinds: Readonly<Record<WaitErrorKind, OpenStackErrorKind>> = {
  'timed-out': 'wait-timeout',
  failed: 'unexpected-state',
  gone: 'unexpected-state',
  aborted: 'aborted',
}

const isTransient = (error: unknown): boolean =>
  error instanceof OpenStackError &&
  (['network', 'timeout', 'rate-limited', 'foreign-answer'].includes(error.kind) ||
    (error.kind === 'http' && (error.status ?? 0) >= 500) ||
    // A page of a proxy, with status 200.
    (error.kind === 'decode' && error.cause instanceof SyntaxError))
