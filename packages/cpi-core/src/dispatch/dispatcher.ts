import type { AfterAnswer, CpiCall } from '../contract/call.ts'
import type { Cpi, CpiInfo } from '../contract/cpi.ts'
import type { Created, DriverAnswer, PreparedCall } from '../contract/method.ts'
import { methodTable } from '../contract/method-table.ts'
import { CpiError } from '../errors/cpi-error.ts'
import type { Clock } from '../log/clock.ts'
import { addConfigSecrets } from '../log/config-secrets.ts'
import { createLogger, type Logger, type LogLevel, type LogSink } from '../log/logger.ts'
import { secretPartOfEnv } from '../log/redact-structure.ts'
import { addStrings, createSecrets, type Secrets } from '../log/secrets.ts'
import { isJsonArray, isJsonObject } from '../model/json.ts'
import { readApiVersion } from '../protocol/api-version.ts'
import {
  type DecodedRequest,
  decodeRequest,
  peekConfigOverrides,
  peekRequestId,
  type RawRequest,
  readArgumentList,
  readContext,
  readMethodName,
} from '../protocol/request.ts'
import { encodeResponse } from '../protocol/response.ts'
import { encodeFailure } from './failure.ts'

/** What a dispatcher needs: `info` and `createCpi`. The rest has defaults that suit a test or a script. */
export interface DispatcherOptions {
  /** Answers `info`; its `apiVersion` is the highest version a request may ask for. */
  readonly info: CpiInfo
  /**
   * Makes the driver of one call, from configuration that may be wrong. Called only for requests that passed all
   * checks.
   */
  readonly createCpi: (call: CpiCall) => Promise<Cpi> | Cpi
  /** Receives the log, line by line, redacted. Default: no log. */
  readonly sink?: (line: string) => void
  /** Default: the clocks of the platform. */
  readonly clock?: Clock
  /** For the log. Default: the process's, where there is one. */
  readonly pid?: number
  /** Aborted when the process is asked to end. Default: never. */
  readonly signal?: AbortSignal
  /** Learns the secrets of each request; the owner adds those of the file configuration. Default: a new registry. */
  readonly secrets?: Secrets
  /** Default: `info`. */
  readonly logLevel?: LogLevel
}

type Options = Required<DispatcherOptions>

const withDefaults = (given: DispatcherOptions): Options => ({
  sink: () => {},
  clock: { now: () => new Date(), monotonicMs: () => performance.now() },
  pid: globalThis.process?.pid ?? 0,
  signal: new AbortController().signal,
  secrets: createSecrets(),
  logLevel: 'info',
  ...given,
})

/** Answers requests. */
export interface Dispatcher {
  /**
   * One request to one answer, both JSON documents. Never rejects: whatever happens becomes an answer (contract §2, §4).
   * It cannot know when the answer is written: the steps of `CpiCall.afterAnswer` run before it resolves. One that fails is
   * logged.
   */
  dispatch(request: Uint8Array): Promise<string>
  /**
   * As `dispatch`, and hands the answer to `deliver`, before the steps of `CpiCall.afterAnswer` run. If `deliver` rejects,
   * the caller never learns of what the call created: it is deleted again, by a driver of its own that nothing aborts.
   * Rejects with the error of `deliver`, or of a step, which is logged.
   */
  answer(request: Uint8Array, deliver: (document: string) => Promise<void>): Promise<void>
}

/** The protocol side of a CPI: reads and checks a request, calls the driver, writes the answer and the log. */
export const createDispatcher = (given: DispatcherOptions): Dispatcher => {
  const options = withDefaults(given)
  const answerBytes = async (bytes: Uint8Array): Promise<Answer> => {
    try {
      const decoded = decodeRequest(bytes)
      registerSecrets(decoded.request, options.secrets)
      return await answerRequest(decoded, options)
    } catch (error) {
      return { document: reportFailure(error, loggerFor(undefined, options), options.secrets) }
    }
  }
  return {
    dispatch: async (bytes) => {
      const { document, complete } = await answerBytes(bytes)
      await complete?.().catch(() => {}) // it is logged, and the answer is made
      return document
    },
    answer: async (bytes, deliver) => {
      const { document, withdraw, complete } = await answerBytes(bytes)
      try {
        await deliver(document)
      } catch (error) {
        await withdraw?.('the answer could not be delivered')
        throw error
      }
      await complete?.()
    },
  }
}

/** An answer ready to be delivered. */
interface Answer {
  readonly document: string
  /** Deletes what the call created. Never rejects: the log says what stays. */
  readonly withdraw?: (reason: string) => Promise<void>
  /** Runs the steps for after the answer. Rejects with the error of one that failed, after it was logged. */
  readonly complete?: () => Promise<void>
}

const answerRequest = async (decoded: DecodedRequest, options: Options): Promise<Answer> => {
  const { request } = decoded
  const log = loggerFor(peekRequestId(request), options)
  const startedMs = options.clock.monotonicMs()
  let method: string | undefined
  try {
    method = readMethodName(request)
    log.info(`Starting ${method}...`)
    const steps: AfterAnswer[] = []
    const { prepared, call } = check(decoded, method, log, { ...options, afterAnswer: (step) => void steps.push(step) })
    const { result, created } = await perform(prepared, call, options)
    const withdraw = created === undefined ? undefined : (reason: string) => remove(created, reason, call, options)
    try {
      const document = encodeResponse({ result: result(), error: null, log: '' })
      return { document, complete: () => complete(steps, call), ...(withdraw && { withdraw }) }
    } catch (error) {
      await withdraw?.('the driver returned an unusable result')
      throw error
    }
  } catch (error) {
    return { document: reportFailure(error, log, options.secrets) }
  } finally {
    const seconds = (options.clock.monotonicMs() - startedMs) / 1000
    if (method !== undefined) log.info(`Finished ${method} in ${seconds.toFixed(2)} seconds`)
  }
}

/** All that can be wrong with a request, in the order of contract §4.2. */
const check = (
  decoded: DecodedRequest,
  method: string,
  log: Logger,
  options: Options & Pick<CpiCall, 'afterAnswer'>,
): { prepared: PreparedCall; call: CpiCall } => {
  const prepare = methodTable.get(method)
  if (prepare === undefined) throw new CpiError('NotImplemented', `Method is not known, got: '${method}'`)
  const { request } = decoded
  const list = readArgumentList(decoded)
  const version = attempt(() => readApiVersion(request['api_version'], options.info.apiVersion))
  // A wrong version is reported after wrong arguments; these are read as the oldest version meanwhile.
  const prepared = prepare(list, version.failed ? 1 : version.value)
  if (version.failed) throw version.error
  const context = readContext(request)
  const { signal, secrets, afterAnswer } = options
  return { prepared, call: { method, apiVersion: version.value, ...context, signal, log, secrets, afterAnswer } }
}

const perform = async (prepared: PreparedCall, call: CpiCall, options: Options): Promise<DriverAnswer> => {
  if (prepared.needs === 'nothing') {
    const result = prepared.answer(options.info)
    return { result: () => result }
  }
  if (options.signal.aborted) throw new CpiError('CloudError', `${call.method} was interrupted before it began`)
  return prepared.answer(await options.createCpi(call))
}

/** A create is atomic for its caller (contract §6): what the caller does not learn of must not stay. */
const remove = async (created: Created, reason: string, call: CpiCall, options: Options): Promise<void> => {
  const { log } = call
  log.warn(`${call.method}: ${reason}, deleting ${created.what}`)
  try {
    await created.remove(await options.createCpi({ ...call, signal: new AbortController().signal }))
  } catch (error) {
    log.error(`Deleting ${created.what} failed, it may be left: ${encodeFailure(error, options.secrets).trace}`)
  }
}

const complete = async (steps: readonly AfterAnswer[], { method, log, secrets }: CpiCall): Promise<void> => {
  try {
    for (const step of steps) await step()
  } catch (cause) {
    const failed = new CpiError('CloudError', `${method} is answered, but a step after its answer failed`, { cause })
    log.error(encodeFailure(failed, secrets).trace)
    throw failed
  }
}

const loggerFor = (requestId: string | undefined, options: Options): Logger => {
  const { clock, pid, secrets, logLevel: level } = options
  const sink: LogSink = (line) => {
    try {
      options.sink(line)
    } catch {
      // A log that cannot be written must not fail a call halfway, and there is no other place to say so.
    }
  }
  return createLogger({ sink, clock, pid, secrets, level, ...(requestId === undefined ? {} : { requestId }) })
}

const reportFailure = (error: unknown, log: Logger, secrets: Secrets): string => {
  const failure = encodeFailure(error, secrets)
  log.error(failure.trace)
  return failure.document
}

/**
 * What the context's configuration names as secret, and the agent's `env` without the instance group's names
 * (contract §12).
 */
const registerSecrets = (request: RawRequest, secrets: Secrets): void => {
  addConfigSecrets(peekConfigOverrides(request), secrets)
  const values = request['arguments']
  if (request['method'] !== 'create_vm' || !isJsonArray(values)) return
  const env = values[5]
  if (isJsonObject(env)) addStrings(secretPartOfEnv(env), secrets)
}

type Attempt<T> = { failed: false; value: T } | { failed: true; error: unknown }

const attempt = <T>(action: () => T): Attempt<T> => {
  try {
    return { failed: false, value: action() }
  } catch (error) {
    return { failed: true, error }
  }
}
