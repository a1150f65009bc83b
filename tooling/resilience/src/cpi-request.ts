import { isJsonObject, type JsonObject, type WireError } from '@openstack-cpi/cpi-core'
import { cpiRequest } from '@openstack-cpi/harness/director'

/** The director whose calls meet faults and kills. */
export const directorUuid = '5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f'
/** Another director in the same project. */
export const otherDirectorUuid = '11112222-6f0e-4c7a-9d1b-3a5b7c9d1e2f'

/** One CPI call as a director sends it. */
export interface CpiRequest {
  readonly method: string
  readonly arguments: readonly unknown[]
  /** Properties of `openstack` beyond address and login. */
  readonly openstack?: JsonObject
}

/** What the director gets. */
export interface CpiResponse {
  readonly result: unknown
  readonly error: WireError | null
}

/** The document on the CPI's stdin (contract §3). */
export const wireForm = ({ method, arguments: args }: CpiRequest, uuid = directorUuid, requestId = 'cpi-424242') =>
  cpiRequest(method, args, { directorUuid: uuid, requestId })

/** The response, if the director would accept the document (contract §4); else undefined. */
export function readResponse(document: string): CpiResponse | undefined {
  let json: unknown
  try {
    json = JSON.parse(document)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (!isJsonObject(json) || Object.keys(json).toSorted().join() !== 'error,log,result') return undefined
  const { error, log, result } = json
  if (typeof log !== 'string') return undefined
  if (error === null) return { result, error }
  return result === null && isWireError(error) ? { result, error } : undefined
}

const isWireError = (value: unknown): value is WireError =>
  isJsonObject(value) &&
  typeof value['type'] === 'string' &&
  typeof value['message'] === 'string' &&
  value['message'] !== '' &&
  typeof value['ok_to_retry'] === 'boolean'
