import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined, hasStatus, isConflict, OpenStackError } from '../../http/openstack-error.ts'
import { done, failed, waitFor, waiting } from '../../http/waiter.ts'
import { isAttachedTo, isBroken, isPassing } from '../../planning/volumes.ts'
import type { Problems } from '../../rollback.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import { type AttachedVolume, isServerGone, taskOf } from '../../services/compute/servers.ts'
import { forEachInParallel } from '../in-parallel.ts'

/**
 * Takes a volume off a server and returns when it can be attached elsewhere (driver spec §7.14). While Nova refuses
 * because the server or the volume is busy, and when it gives up because the guest kept the device, it is asked again
 * until the time is up. Already detached, volume gone, server gone: success.
 */
export async function detachVolume(ctx: DriverContext, serverId: string, volumeId: string): Promise<void> {
  const ask = () => requestDetachmentOfAttached(ctx, serverId, volumeId)
  await ask()
  await waitUntilDetached(ctx, serverId, volumeId, ask)
}

/**
 * Asks for the detachment of a volume that is attached. Throws `CloudError` when the server's state forbids it for
 * good.
 */
export async function requestDetachmentOfAttached(
  ctx: DriverContext,
  serverId: string,
  volumeId: string,
): Promise<void> {
  const refusal = await requestDetachment(ctx, serverId, volumeId)
  if (refusal !== undefined && isAboutServersState(refusal)) await throwIfIdle(ctx, serverId, volumeId, refusal)
}

/**
 * Waits until the volume is off the server.
 * @param askAgain called when the volume is found attached as before
 */
export async function waitUntilDetached(
  ctx: DriverContext,
  serverId: string,
  volumeId: string,
  askAgain: () => Promise<void>,
): Promise<void> {
  const isHeld = (volume: Volume) => volume.status === 'in-use' && isAttachedTo(volume, serverId)
  try {
    await waitFor<Volume, void>(ctx.pace, {
      what: `Volume \`${volumeId}'`,
      target: 'available',
      firstPollMs: firstPollsMs.volumeDetached,
      poll: async () => {
        const volume = await foundOrUndefined(ctx.services.blockStorage.volumes.show(volumeId))
        if (volume !== undefined && isHeld(volume)) await askAgain()
        return volume
      },
      state: (volume) => volume.status,
      classify: (volume) => {
        if (isBroken(volume)) return failed()
        return isPassing(volume) || isAttachedTo(volume, serverId) ? waiting : done(undefined)
      },
      whenGone: () => undefined,
    })
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.kind !== 'wait-timeout') throw error
    throw new CpiError(
      'CloudError',
      `${error.message}. Nova could not take it off server \`${serverId}': the guest may not have released the device`,
      { cause: error },
    )
  }
}

/**
 * @returns why Nova does not detach it now: it is busy, or the volume is not attached to this server; undefined: it
 * does
 */
export async function requestDetachment(
  ctx: DriverContext,
  serverId: string,
  volumeId: string,
): Promise<OpenStackError | undefined> {
  try {
    await ctx.services.compute.volumeAttachments.delete(serverId, volumeId)
    return undefined
  } catch (error) {
    // 404: detached meanwhile. 400: the volume is attaching or detaching. 409: the server has another task.
    if (!hasStatus(error, 400, 404, 409)) throw error
    ctx.log.info(`Nova does not detach volume \`${volumeId}' now: ${error.message}`)
    return error
  }
}

/** "Cannot 'detach_volume' instance … while it is in vm_state rescued", or a locked server. */
const isAboutServersState = (error: OpenStackError): boolean =>
  isConflict(error) && /\bvm_state\b|is locked/i.test(error.fault?.message ?? '')

/** Such a state passes with the server's task; without one only the operator can end it. */
async function throwIfIdle(ctx: DriverContext, serverId: string, volumeId: string, refusal: Error): Promise<void> {
  const server = await foundOrUndefined(ctx.services.compute.servers.show(serverId))
  if (server === undefined || isServerGone(server) || taskOf(server) !== undefined) return
  throw new CpiError(
    'CloudError',
    `Cannot detach volume \`${volumeId}': server \`${serverId}' is ${server.status}. ${refusal.message}`,
    { cause: refusal },
  )
}

/**
 * Waits until no volume is attached to the deleted server any more, so that persistent disks can be attached elsewhere
 * or deleted (driver spec §7.5). Boot volumes are deleted with the server.
 */
export async function waitForFreeVolumes(
  ctx: DriverContext,
  serverId: string,
  attached: readonly AttachedVolume[],
  problems: Problems,
): Promise<void> {
  await forEachInParallel(attached, async ({ id }) => {
    try {
      await waitForFreeVolume(ctx, id, serverId)
    } catch (error) {
      problems.add('Wait for volumes to be detached', error)
    }
  })
}

function waitForFreeVolume(ctx: DriverContext, volumeId: string, serverId: string): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  return waitFor<Volume, void>(ctx.pace, {
    what: `Volume \`${volumeId}'`,
    target: 'detached',
    poll: () => foundOrUndefined(volumes.show(volumeId)),
    state: ({ status }) => status.toLowerCase(),
    classify: ({ status, attachments }) => {
      if (status === 'error_detaching') return failed()
      const isBusy = status === 'in-use' || status === 'detaching'
      return isBusy && attachments.some(({ server_id }) => server_id === serverId) ? waiting : done(undefined)
    },
    whenGone: () => undefined,
  })
}
