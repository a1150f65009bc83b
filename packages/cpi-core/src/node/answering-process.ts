import { encodeFailure } from '../dispatch/failure.ts'
import { CpiError } from '../errors/cpi-error.ts'
import { messageOf } from '../errors/error-chain.ts'
import type { Logger } from '../log/logger.ts'
import type { Secrets } from '../log/secrets.ts'
import type { AnswerOutput } from './divert-stdout.ts'
import type { StderrLines } from './stderr-lines.ts'
import { writeFully } from './write-fully.ts'

/** Longer than any wait of a rollback: a call still running after that is considered hung. */
const rollbackLimitMs = 15 * 60_000

/** The process of one call: what ends it, and how its one answer gets out (contract §2). */
export interface AnsweringProcess {
  /** Aborted by the first signal, and by an error outside the call. */
  readonly signal: AbortSignal
  /**
   * From now on a signal rolls back. Before, while the request is read, nothing has to be undone, and reading would keep a
   * handler from running: the signal ends the process, as by default.
   */
  readonly acceptSignals: () => void
  /** Writes the answer. Rejects when it cannot be written, or when the caller has been answered already. */
  readonly deliver: (document: string) => Promise<void>
  /** Ends the process with exit code 0: everything is written, and no timer or connection may hold it. */
  readonly end: () => Promise<void>
  /** Ends the process with exit code 1: the caller has no answer, or one that does not hold. */
  readonly fail: (error: unknown) => Promise<void>
}

interface Given {
  readonly stdout: AnswerOutput
  readonly stderr: StderrLines
  readonly secrets: Secrets
  readonly log: Logger
}

/** Installs the handlers of errors outside the call. */
export const createAnsweringProcess = ({ stdout, stderr, secrets, log }: Given): AnsweringProcess => {
  let isAnswered = false
  const exit = async (code: 0 | 1): Promise<void> => {
    await stderr.flush()
    process.exit(code)
  }
  const deliver = async (document: string): Promise<void> => {
    if (isAnswered) throw unwritten('the caller has been answered with an error already')
    isAnswered = true
    await writeFully(stdout, document).catch((error: Error) => {
      throw unwritten(error.message)
    })
  }
  const end = (): Promise<void> => exit(0)
  const fail = (error: unknown): Promise<void> => {
    log.error(messageOf(error))
    return exit(1)
  }
  /** Answers for a call that does not; a call that is answered, or whose answer cannot be written, is ended. */
  const answerWith = (error: unknown): void => {
    if (isAnswered) void fail(error)
    else void deliver(encodeFailure(error, secrets).document).then(end, fail)
  }

  const stop = new AbortController()
  let stray: unknown
  // The call may still be able to undo what it made; then its own answer counts.
  process.on('uncaughtException', (error) => {
    log.error(encodeFailure(error, secrets).trace)
    stray ??= error
    stop.abort(new CpiError('CloudError', 'The CPI failed outside the call', { cause: error }))
    setTimeout(() => answerWith(stray), rollbackLimitMs).unref()
  })
  // Nothing is left to wait for, and nothing was answered: a promise never settled.
  process.on('beforeExit', () =>
    answerWith(
      stray ?? new Error(isAnswered ? 'A step after the answer never ended' : 'The call ended without an answer'),
    ),
  )
  const acceptSignals = (): void => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const interrupted = new CpiError('CloudError', `The call was interrupted by ${signal}`)
        if (stop.signal.aborted) return answerWith(interrupted)
        log.warn(`${signal}: the call is interrupted and rolled back; a second signal ends it immediately`)
        stop.abort(interrupted)
      })
    }
  }
  return { signal: stop.signal, acceptSignals, deliver, end, fail }
}

const unwritten = (reason: string): Error => new Error(`The answer could not be written: ${reason}`)
