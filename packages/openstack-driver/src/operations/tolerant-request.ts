import type { DriverContext } from '../driver-context.ts'
import { hasStatus, isNotFound, OpenStackError } from '../http/openstack-error.ts'
import { visibleWithinMs } from '../http/waiter.ts'

const pauseMs = 1_000

/**
 * Sends a request about an object that this call made a moment ago. A replica of the service's database may not show it
 * yet: on "not found" the request is repeated for 10 s.
 * @param what for the log, for example `volume 1234`
 * @param isNotYetVisible which answers may mean that the object is not visible yet; default: 404
 */
export async function whenVisible<R>(
  ctx: DriverContext,
  what: string,
  request: () => Promise<R>,
  isNotYetVisible: (error: unknown) => boolean = isNotFound,
): Promise<R> {
  const startMs = ctx.clock.monotonicMs()
  for (;;) {
    try {
      return await request()
    } catch (error) {
      if (!isNotYetVisible(error) || ctx.clock.monotonicMs() - startMs >= visibleWithinMs) throw error
      ctx.log.info(`${what} was created a moment ago and is not visible yet`)
      await pause(ctx, what)
    }
  }
}

async function pause({ clock, signal }: DriverContext, what: string): Promise<void> {
  try {
    await clock.sleep(pauseMs, signal)
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new OpenStackError('aborted', `The call was interrupted while waiting for ${what} to be visible`, { cause })
  }
}

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
