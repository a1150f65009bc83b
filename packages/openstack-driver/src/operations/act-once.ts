import type { DriverContext } from '../driver-context.ts'
import { isAmbiguous } from '../http/openstack-error.ts'
import { Patience, patienceLimits } from '../http/patience.ts'

const pauseMs = 3_000

/**
 * Sends a request that must not be processed twice and makes nothing that bears a name. When it stays unknown whether it
 * took effect, looks, and sends it again only if it did not (driver spec §3.5).
 * @param what for messages, for example `extending volume 1234`
 */
export async function actOnce(
  ctx: DriverContext,
  what: string,
  act: () => Promise<unknown>,
  tookEffect: () => Promise<boolean>,
): Promise<void> {
  const { clock, log, signal, config } = ctx
  const patience = new Patience({ clock, log, signal, ...patienceLimits(config) })
  for (;;) {
    try {
      await act()
      return
    } catch (error) {
      if (!isAmbiguous(error)) throw error
      if (await tookEffect()) return
      await clock.sleep(pauseMs, signal)
      if (await tookEffect()) return
      await patience.beforeRepeating(what, error, pauseMs)
    }
  }
}
