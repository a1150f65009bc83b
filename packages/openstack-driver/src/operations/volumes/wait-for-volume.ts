import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { done, waitFor, waiting } from '../../http/waiter.ts'
import { isPassing } from '../../planning/volume-state.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'

/**
 * The volume once it is in no state that passes by itself, such as `detaching`. Makes no request when it is in none
 * already; undefined when it went away.
 */
export async function waitWhileTransient(ctx: DriverContext, volume: Volume): Promise<Volume | undefined> {
  if (!isPassing(volume)) return volume
  return await waitFor<Volume, Volume | undefined>(ctx.pace, {
    what: `Volume \`${volume.id}'`,
    target: `out of state ${volume.status}`,
    poll: () => foundOrUndefined(ctx.services.blockStorage.volumes.show(volume.id)),
    state: (seen) => seen.status,
    classify: (seen) => (isPassing(seen) ? waiting : done(seen)),
    whenGone: () => undefined,
  })
}

/**
 * Says `reason` from the second time in a row on that the volume is seen as `isBack` describes: a state that it is in
 * before the cloud starts to work on it and, if that fails, afterwards. Once may be a reading that came too early.
 */
export function failOnSecondSighting(
  isBack: (volume: Volume) => boolean,
  reason: string,
): (volume: Volume) => string | undefined {
  let inARow = 0
  return (volume) => {
    inARow = isBack(volume) ? inARow + 1 : 0
    return inARow < 2 ? undefined : reason
  }
}
