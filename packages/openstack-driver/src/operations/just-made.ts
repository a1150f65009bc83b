import type { DriverContext } from '../driver-context.ts'
import { isNotFound, OpenStackError } from '../http/openstack-error.ts'
import { visibleWithinMs } from '../http/waiter.ts'

const pauseMs = 1_000

/**
 * Sends a request about an object that this call made a moment ago. A replica of the service's database may not show it
 * yet: "not found" is repeated for 10 s before it is believed.
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
