import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, OpenStackError } from '../../http/openstack-error.ts'
import { done, type Pace, waitFor, waiting } from '../../http/waiter.ts'
import { isPassing } from '../../planning/volumes.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'

/** How long a volume may stay reserved: Nova reserves it when it is asked to attach it, and goes on within seconds. */
const longestReservationMs = 60_000

/**
 * The volume once it is in no state that passes by itself, such as `detaching`. Makes no request when it is in none
 * already; undefined when it went away. Throws `CloudError` for a volume that stays reserved: no server takes it.
 */
export async function waitWhileTransient(ctx: DriverContext, volume: Volume): Promise<Volume | undefined> {
  const unreserved = volume.status === 'reserved' ? await waitWhileReserved(ctx, volume) : volume
  if (unreserved === undefined || !isPassing(unreserved)) return unreserved
  return await waitWhile(ctx.pace, ctx, unreserved, isPassing)
}

async function waitWhileReserved(ctx: DriverContext, volume: Volume): Promise<Volume | undefined> {
  const timeoutMs = Math.min(longestReservationMs, ctx.pace.timeoutMs)
  try {
    return await waitWhile({ ...ctx.pace, timeoutMs }, ctx, volume, ({ status }) => status === 'reserved')
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.kind !== 'wait-timeout') throw error
    throw new CpiError(
      'CloudError',
      `Volume \`${volume.id}' is reserved, and was for ${timeoutMs / 1000} s: no server takes it. ` +
        `List its reservations with \`openstack volume attachment list --volume-id ${volume.id}' and delete one that no server needs ` +
        `with \`openstack volume attachment delete'; without any, an administrator can run \`openstack volume set --state available ${volume.id}'`,
      { cause: error },
    )
  }
}

async function waitWhile(
  pace: Pace,
  ctx: DriverContext,
  volume: Volume,
  isBusy: (volume: Volume) => boolean,
): Promise<Volume | undefined> {
  return await waitFor<Volume, Volume | undefined>(pace, {
    what: `Volume \`${volume.id}'`,
    target: `out of state ${volume.status}`,
    poll: () => foundOrUndefined(ctx.services.blockStorage.volumes.show(volume.id)),
    state: (seen) => seen.status,
    classify: (seen) => (isBusy(seen) ? waiting : done(seen)),
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
