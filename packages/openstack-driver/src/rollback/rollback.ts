import type { DriverContext } from '../driver-context.ts'
import { withCleanupProblems } from './cleanup-problems.ts'

/**
 * Removes what a step made. Gets a context whose requests and waits go on although the call was told to end. Must take
 * "already gone" as success.
 */
export type Undo = (cleanup: DriverContext) => Promise<void>

/** What to remove when a method fails (design invariant 1). */
export interface Rollback {
  /**
   * Registers an undo, to be called the moment something was made and before the next step.
   * @param label for log and message, for example `port 1234`
   * @returns takes the undo back, for something that was removed or handed over on the way
   */
  add(label: string, undo: Undo): () => void
}

/**
 * Runs a method's steps. When they fail, everything registered is removed in reverse order, each step guarded, and the
 * first error is raised with the problems of the cleanup appended to its message. When they succeed, nothing is removed.
 */
export async function withRollback<R>(ctx: DriverContext, steps: (rollback: Rollback) => Promise<R>): Promise<R> {
  const undos: { readonly label: string; readonly undo: Undo }[] = []
  const rollback: Rollback = {
    add: (label, undo) => {
      const entry = { label, undo }
      undos.push(entry)
      return () => {
        const at = undos.indexOf(entry)
        if (at >= 0) undos.splice(at, 1)
      }
    },
  }
  try {
    return await steps(rollback)
  } catch (error) {
    const problems = await runUndos(ctx, undos.reverse())
    throw problems.length === 0 ? error : withCleanupProblems(error, problems)
  }
}

async function runUndos(
  ctx: DriverContext,
  undos: readonly { readonly label: string; readonly undo: Undo }[],
): Promise<string[]> {
  const problems: string[] = []
  const cleanup = ctx.forCleanup()
  for (const { label, undo } of undos) {
    ctx.log.info(`Rolling back: removing ${label}`)
    try {
      await undo(cleanup)
    } catch (error) {
      const problem = `${label}: ${error instanceof Error ? error.message : String(error)}`
      ctx.log.error(`Rolling back failed: ${problem}`)
      problems.push(problem)
    }
  }
  return problems
}
