import type { DriverContext } from '../driver-context.ts'
import { isAmbiguous } from '../http/openstack-error.ts'

const pauseMs = 3000

/**
 * Sends a request that must not be processed twice and makes nothing that bears a name. When it stays unknown whether it
 * took effect, looks, and sends it once more only if it did not (driver spec §3.5).
 */
export async function actOnce(
  ctx: DriverContext,
  act: () => Promise<unknown>,
  tookEffect: () => Promise<boolean>,
): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isAmbiguous(error)) throw error
    if (await tookEffect()) return
    await ctx.clock.sleep(pauseMs, ctx.signal)
    if (await tookEffect()) return
    await act()
  }
}
