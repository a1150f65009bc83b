import {
  CpiError,
  messageOf,
  type Rollback as RollbackOf,
  type Undo as UndoOf,
  withRollback as withRollbackOf,
} from '@openstack-cpi/cpi-core'
import type { DriverContext } from './driver-context.ts'
import { detailsOf, OpenStackError } from './http/openstack-error.ts'

/**
 * Removes what a step made. Gets a context whose requests and waits go on although the call was interrupted. Must take
 * "already gone" as success.
 */
export type Undo = UndoOf<DriverContext>

/** The undo steps of a method (design invariant 1). */
export type Rollback = RollbackOf<DriverContext>

/**
 * Runs a method's steps. When they fail, everything registered is removed in reverse order, each step guarded, and the
 * first error is raised with the problems of the cleanup appended to its message. When they succeed, nothing is removed.
 */
export const withRollback = <R>(ctx: DriverContext, steps: (rollback: Rollback) => Promise<R>): Promise<R> =>
  withRollbackOf({ log: ctx.log, forCleanup: () => ctx.forCleanup(), appendToMessage: withCleanupProblems }, steps)

/**
 * The same failure of OpenStack, of the same kind, whose message also says what could not be removed. Undefined for other
 * errors: the core appends to them.
 */
function withCleanupProblems(error: unknown, addition: string): unknown {
  const text = (message: string): string => message + addition
  if (error instanceof OpenStackError) {
    // Whether the object exists that a request without response may have created could not be found out.
    const mayHaveLeft = error.kind === 'ambiguous' || error.mayHaveLeft
    return new OpenStackError(error.kind, text(error.message), { ...detailsOf(error), mayHaveLeft })
  }
  return undefined
}

/** Failures of steps that must not keep the next steps from running. */
export class Problems {
  readonly #found: { readonly step: string; readonly error: unknown }[] = []

  /** @param step as it stands before the message, for example `Removing ports` */
  add(step: string, error: unknown): void {
    this.#found.push({ step, error })
  }

  /** Throws what was found: one failure as itself, several as one `CloudError` that names them all. */
  raise(): void {
    const [first, ...others] = this.#found
    if (first === undefined) return
    if (others.length === 0 && first.error instanceof CpiError) throw first.error
    const lines = this.#found.map(({ step, error }) => `${step}: ${messageOf(error)}`)
    const text = others.length === 0 ? lines.join() : `Multiple cloud errors occurred:\n${lines.join('\n')}`
    throw new CpiError('CloudError', text, { cause: first.error })
  }
}
