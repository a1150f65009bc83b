import type { ApiVersion, CpiCall } from '../contract/call.ts'
import type { Cpi } from '../contract/cpi.ts'
import { createDispatcher, type DispatcherOptions } from '../dispatch/dispatcher.ts'
import type { WireError } from '../errors/to-wire.ts'
import { createLogger } from '../log/logger.ts'
import { createSecrets } from '../log/secrets.ts'
import type { Json, JsonObject } from '../model/json.ts'

/** Calls a driver as a director does: through JSON, so that shapes and error types are those on the wire. */
export interface CpiClient {
  /**
   * The result of a call, as it stands on the wire. Throws {@link CpiAnswerError} when the answer is an error.
   * @param method wire name, for example `has_vm`
   * @param apiVersion default 2
   */
  call(method: string, values: readonly Json[], apiVersion?: ApiVersion): Promise<Json>
}

/** An answer with an error in it. */
export class CpiAnswerError extends Error {
  override readonly name = 'CpiAnswerError'
  readonly answer: WireError

  constructor(method: string, answer: WireError) {
    super(`${method} answered ${answer.type}: ${answer.message}`)
    this.answer = answer
  }
}

/** What a client sends besides method and arguments, and where the log goes. */
export interface CpiClientOptions extends Pick<DispatcherOptions, 'sink' | 'signal' | 'secrets' | 'logLevel'> {
  /** Keys beside the reserved ones: the configuration that a CPI config brings (contract §3.1). */
  readonly context?: JsonObject
}

/** Creates a client each of whose calls gets its own driver, as each call of a director gets its own process. */
export const createCpiClient = (
  createCpi: (call: CpiCall) => Promise<Cpi> | Cpi,
  { context: properties = {}, ...options }: CpiClientOptions = {},
): CpiClient => ({
  async call(method, values, apiVersion = 2) {
    const dispatcher = createDispatcher({ info: { apiVersion: 3, stemcellFormats: [] }, createCpi, ...options })
    const context = { ...properties, ...reservedContext }
    const request = { method, arguments: values, context, api_version: apiVersion }
    const answer: { result: Json; error: WireError | null } = JSON.parse(
      await dispatcher.dispatch(new TextEncoder().encode(JSON.stringify(request))),
    )
    if (answer.error !== null) throw new CpiAnswerError(method, answer.error)
    return answer.result
  },
})

/** The reserved keys of each context (contract §3). */
export const reservedContext = {
  director_uuid: 'cpi-client',
  request_id: 'cpi-000000',
  vm: { stemcell: { api_version: 3 } },
} as const

/**
 * A `CpiCall` for tests of a driver that go around the dispatcher. Everything can be replaced. There is no answer:
 * steps given to `afterAnswer` run immediately.
 */
export const createTestCall = (given: Partial<CpiCall> = {}): CpiCall => {
  const secrets = given.secrets ?? createSecrets()
  const clock = { now: () => new Date(), monotonicMs: () => performance.now() }
  return {
    method: 'test',
    apiVersion: 2,
    directorUuid: reservedContext.director_uuid,
    requestId: reservedContext.request_id,
    configOverrides: {},
    signal: new AbortController().signal,
    log: createLogger({ sink: () => {}, clock, pid: 0, secrets, level: 'error' }),
    secrets,
    afterAnswer: (step) => void step(),
    ...given,
  }
}
