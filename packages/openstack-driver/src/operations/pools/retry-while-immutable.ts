import type { DriverContext } from '../../driver-context.ts'
import { isConflict, OpenStackError } from '../../http/openstack-error.ts'

const pauseMs = 1_000

/**
 * Repeats a change that Octavia refuses with 409 because the load balancer is `PENDING_UPDATE`, with pauses, until it is
 * accepted or `state_timeout` is used up.
 */
export async function retryWhileImmutable<R>(ctx: DriverContext, what: string, change: () => Promise<R>): Promise<R> {
  const deadlineMs = ctx.clock.monotonicMs() + ctx.pace.timeoutMs
  for (;;) {
    let refusal: unknown
    try {
      return await change()
    } catch (error) {
      if (!isImmutable(error)) throw error
      refusal = error
    }
    if (ctx.clock.monotonicMs() >= deadlineMs) {
      throw new OpenStackError('wait-timeout', `Timed out waiting for ${what} to take changes`, { cause: refusal })
    }
    ctx.log.info(`Octavia refused to change ${what} (409): another change is in progress; trying again`)
    await ctx.clock.sleep(pauseMs, ctx.signal)
  }
}

/** "… is immutable and cannot be updated": another change is under way. */
export function isImmutable(error: unknown): boolean {
  return isConflict(error) && /immutable|PENDING_/i.test(error.fault?.message ?? '')
}
