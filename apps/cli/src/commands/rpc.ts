import {
  type Cpi,
  type CpiCall,
  CpiError,
  createDispatcher,
  createLogger,
  createSecrets,
  encodeFailure,
} from '@openstack-cpi/cpi-core'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { logLevelVariable, readLogLevel } from '../config/log-level.ts'
import { divertStdout } from '../process/divert-stdout.ts'
import { monotonicMs } from '../process/monotonic-clock.ts'
import { readStdin } from '../process/read-stdin.ts'
import { createStderrLines } from '../process/stderr-lines.ts'
import { writeFully } from '../process/write-fully.ts'

/** Longer than any wait the driver's rollback may need; a call that is still busy then has gone astray. */
const rollbackLimitMs = 15 * 60_000

/**
 * One CPI call, as a director makes it: one request on stdin, one answer on stdout, the log on stderr (contract §2).
 * Whatever happens, one well-formed answer is written and the exit code is 0; it is 1 only if stdout takes no answer.
 * @param createCpi makes the driver, once the request has passed all checks
 */
export const runRpc = (createCpi: (call: CpiCall) => Promise<Cpi>): void => {
  const openStdout = divertStdout()
  const secrets = createSecrets()
  const stderr = createStderrLines()
  const sink = stderr.write
  const clock = { now: () => new Date(), monotonicMs }
  const level = readLogLevel(process.env)
  const log = createLogger({ sink, clock, pid: process.pid, secrets, level: level ?? 'info' })
  if (level === undefined) log.warn(`${logLevelVariable} names no log level; 'info' is used`)

  let isAnswered = false
  const answer = async (document: string): Promise<void> => {
    if (isAnswered) return
    isAnswered = true
    try {
      await writeFully({ fd: 1, stream: openStdout }, document)
      await stderr.flush()
      process.exit(0) // all is written, and no timer or connection may hold the process
    } catch (error) {
      process.exitCode = 1
      log.error(`The answer could not be written: ${String(error)}`)
      process.exit()
    }
  }
  const fail = (error: unknown): void => void answer(encodeFailure(error, secrets).document)

  const stop = new AbortController()
  let astray: unknown
  // An error outside any call of ours: the call may still be able to undo what it made, and then its answer counts.
  process.on('uncaughtException', (error) => {
    log.error(encodeFailure(error, secrets).trace)
    astray ??= error
    stop.abort(new CpiError('CloudError', 'The CPI failed in an unexpected place', { cause: error }))
    setTimeout(() => fail(astray), rollbackLimitMs).unref()
  })
  // Nothing is left to wait for, and nothing was answered: somewhere a promise was forgotten.
  process.on('beforeExit', () => fail(astray ?? new Error('The call ended without an answer')))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const interrupted = new CpiError('CloudError', `The call was interrupted by ${signal}`)
      if (stop.signal.aborted) fail(interrupted)
      log.warn(`${signal}: the call is ended and rolled back; a second signal ends it at once`)
      stop.abort(interrupted)
    })
  }

  const dispatcher = createDispatcher({
    info: openStackCpiInfo,
    createCpi,
    sink,
    clock,
    pid: process.pid,
    signal: stop.signal,
    secrets,
    logLevel: level ?? 'info',
  })
  readStdin()
    .then((request) => dispatcher.dispatch(request))
    .then(answer, fail)
}
