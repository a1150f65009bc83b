import { CpiError, isCpiError } from '../errors/cpi-error.ts'
import { messageOf } from '../errors/error-chain.ts'
import type { Logger } from '../log/logger.ts'
import { neverAborted } from './never-aborted.ts'

/**
 * Removes what a step created. Must take "already gone" as success.
 * @param cleanup what requests and waits of the removal need: by default a signal that nothing aborts
 */
export type Undo<Cleanup> = (cleanup: Cleanup) => Promise<void>

/** The undo steps of a call (contract §6: creates are atomic). */
export interface Rollback<Cleanup = AbortSignal> {
  /**
   * Registers an undo. To be called immediately after something was created, before the next step; or before the request
   * that creates it, where the object can be found by a name.
   * @param label for log and message, for example `port 1234`
   * @returns takes the undo back, for something that was removed or handed over in the meantime
   */
  add(label: string, undo: Undo<Cleanup>): () => void
}

/** What a rollback works with. */
export interface RollbackOptions<Cleanup> {
  readonly log: Logger
  /** Makes what the undo steps get. It must not depend on the call's signal, which may have started the rollback. */
  readonly forCleanup: () => Cleanup
  /**
   * The same failure with `addition` appended to its message, or undefined for an error class that is not yours. Needed for
   * classes that callers tell apart; a `CpiError` keeps its code, and of any other error a plain one is made.
   */
  readonly appendToMessage?: (error: unknown, addition: string) => unknown
}

/**
 * Runs the steps of a call. When they fail, everything registered is removed in reverse order, each removal guarded, and
 * the first error is thrown, with what could not be removed appended to its message. When they succeed, nothing is
 * removed. The removal goes on although the call's signal is aborted.
 */
export async function withRollback<R, Cleanup = AbortSignal>(
  options: Pick<RollbackOptions<Cleanup>, 'log'> & Partial<RollbackOptions<Cleanup>>,
  steps: (rollback: Rollback<Cleanup>) => Promise<R>,
): Promise<R> {
  const undos: Registered<Cleanup>[] = []
  const rollback: Rollback<Cleanup> = {
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
    const { log, forCleanup = neverAborted as () => Cleanup, appendToMessage } = options
    const problems = await runUndos(log, forCleanup(), undos.reverse())
    if (problems.length === 0) throw error
    const addition = `\nCleaning up afterwards failed, these objects may be left: ${problems.join('; ')}`
    throw appendToMessage?.(error, addition) ?? appendToMessageOf(error, addition)
  }
}

interface Registered<Cleanup> {
  readonly label: string
  readonly undo: Undo<Cleanup>
}

async function runUndos<Cleanup>(
  log: Logger,
  cleanup: Cleanup,
  undos: readonly Registered<Cleanup>[],
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const { label, undo } of undos) {
    log.info(`Rolling back: removing ${label}`)
    try {
      await undo(cleanup)
    } catch (error) {
      const problem = `${label}: ${messageOf(error)}`
      log.error(`Rolling back failed: ${problem}`)
      problems.push(problem)
    }
  }
  return problems
}

function appendToMessageOf(error: unknown, addition: string): unknown {
  const message = `${messageOf(error)}${addition}`
  if (!isCpiError(error)) return new Error(message, { cause: error })
  return new CpiError(error.code, message, { cause: error, okToRetry: error.okToRetry })
}
