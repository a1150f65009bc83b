import type { JsonObject } from '@openstack-cpi/cpi-core'
import { cpiRequest } from '@openstack-cpi/harness/director'
import * as z from 'zod'

/** The director whose calls meet faults and kills. */
export const directorUuid = '5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f'
/** Another director in the same project. */
export const otherDirectorUuid = '11112222-6f0e-4c7a-9d1b-3a5b7c9d1e2f'

/** One CPI call as a director sends it. */
export interface CpiRequest {
  readonly method: string
  readonly arguments: readonly unknown[]
  /** Properties of `openstack` beyond address and login. */
  readonly openstack?: JsonObject | undefined
}

/** The document on the CPI's stdin (contract §3). */
export const wireForm = ({ method, arguments: args }: CpiRequest, uuid = directorUuid, requestId = 'cpi-424242') =>
  cpiRequest(method, args, { directorUuid: uuid, requestId })

/** What the director accepts (contract §4). */
const response = z
  .strictObject({
    result: z.json(),
    error: z.object({ type: z.string(), message: z.string().min(1), ok_to_retry: z.boolean() }).nullable(),
    log: z.string(),
  })
  .refine(({ result, error }) => error === null || result === null)

/** What the director gets. */
export type CpiResponse = z.output<typeof response>

/** The response, if the director would accept the document; else undefined. */
export function readResponse(document: string): CpiResponse | undefined {
  try {
    return response.parse(JSON.parse(document))
  } catch {
    return undefined // neither JSON nor a response: both count as malformed
  }
}
