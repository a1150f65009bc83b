import type { DriverContext } from '../driver-context.ts'
import { hasStatus } from '../http/openstack-error.ts'

const refusedField = /unrecogni[sz]ed|not (?:allowed|permitted|supported)|unexpected|unknown|additional propert/i

/**
 * Sends a request whose body has fields that only help to recognise the object later. Some services do not know them
 * (400 "Unrecognized attribute(s) 'description'"): these fields are left out then, with a warning.
 * @param what for the warning, for example `port vm-1234`
 * @param optional the fields that may be left out
 */
export async function withOptionalFields<Body extends object, R>(
  ctx: DriverContext,
  what: string,
  body: Body,
  optional: readonly (keyof Body & string)[],
  send: (body: Body) => Promise<R>,
): Promise<R> {
  try {
    return await send(body)
  } catch (error) {
    const message = hasStatus(error, 400) ? (error.fault?.message ?? '') : ''
    const refused = optional.filter((field) => field in body && new RegExp(`\\b${field}\\b`, 'u').test(message))
    if (refused.length === 0 || !refusedField.test(message)) throw error
    ctx.log.warn(`${what} is created without ${refused.join(', ')}, which this cloud does not know: ${message}`)
    const kept = Object.entries(body).filter(([field]) => !refused.some((left) => left === field))
    return await send(Object.fromEntries(kept) as Body) // optional fields may be absent
  }
}
