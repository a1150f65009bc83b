import {
  type Rollback as RollbackOf,
  type Undo as UndoOf,
  withRollback as withRollbackOf,
} from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { withCleanupProblems } from './cleanup-problems.ts'

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
