import type { ApiVersion } from '../contract/call.ts'
import type { Cpi } from '../contract/cpi.ts'
import { createDispatcher } from '../dispatch/dispatcher.ts'
import type { WireError } from '../errors/to-wire.ts'
import { createSecrets } from '../log/secrets.ts'
import type { Json } from '../model/json.ts'

/** Calls a driver as a director does: through JSON, so that shapes and error types are those on the wire. */
export interface CpiClient {
  /** The result, or throws {@link CpiAnswerError}. */
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

/** A client whose every call gets its own driver, as every call of a director gets its own process. */
export const createCpiClient = (createCpi: () => Promise<Cpi> | Cpi): CpiClient => ({
  async call(method, values, apiVersion = 2) {
    const dispatcher = createDispatcher({
      info: { apiVersion: 3, stemcellFormats: [] },
      createCpi,
      sink: () => {},
      clock: { now: () => new Date(), monotonicMs: () => performance.now() },
      pid: 1,
      signal: new AbortController().signal,
      secrets: createSecrets(),
      logLevel: 'error',
    })
    const context = { director_uuid: 'contract-suite', request_id: 'cpi-000000', vm: { stemcell: { api_version: 3 } } }
    const request = { method, arguments: values, context, api_version: apiVersion }
    const answer: { result: Json; error: WireError | null } = JSON.parse(
      await dispatcher.dispatch(new TextEncoder().encode(JSON.stringify(request))),
    )
    if (answer.error !== null) throw new CpiAnswerError(method, answer.error)
    return answer.result
  },
})
