import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined, hasStatus, isAmbiguous, isConflict, isNotFound } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { done, waitFor, waiting } from '../../http/waiter.ts'
import { diskNotFound, vmNotFound } from '../../planning/cids.ts'
import { firstFreeDevice } from '../../planning/disk-names.ts'
import { isAttachedTo } from '../../planning/volumes.ts'
import type { Rollback } from '../../rollback.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import { hasConfigDrive, type Server, taskOf } from '../../services/compute/servers.ts'
import { sendNonIdempotent } from '../ambiguous-request.ts'
import { detachVolume } from './detach-volume.ts'

/** From here on Nova attaches volumes that may have several servers. */
const multiattachMicroversion = '2.60'

/**
 * Asks Nova to attach the volume, and registers the detachment (driver spec §7.13). No device is named, as libvirt
 * ignores it, unless the cloud insists. Waits for a server that is busy with another task.
 */
export async function requestAttachment(
  ctx: DriverContext,
  rollback: Rollback,
  serverId: string,
  volume: Volume,
): Promise<void> {
  const { volumeAttachments } = ctx.services.compute
  const microversion = await multiattachVersion(ctx, volume)
  let isRegistered = false
  const register = () => {
    if (isRegistered) return
    isRegistered = true
    rollback.add(`attachment of volume ${volume.id} to server ${serverId}`, (cleanup) =>
      detachVolume(cleanup, serverId, volume.id),
    )
  }
  const send = async (device?: string) => {
    try {
      await volumeAttachments.create(serverId, volume.id, device, microversion)
      register()
    } catch (error) {
      if (isAmbiguous(error)) register()
      throw error
    }
  }
  const isAttached = async () => (await foundOrUndefined(volumeAttachments.show(serverId, volume.id))) !== undefined
  const what = `attaching volume ${volume.id} to server ${serverId}`
  const post = (device?: string) => sendNonIdempotent(ctx, what, () => send(device), isAttached)
  try {
    await post()
  } catch (error) {
    if (isConflict(error)) {
      await waitUntilIdle(ctx, serverId, error)
      await post().catch((again: unknown) => Promise.reject(explained(again, serverId, volume.id)))
    } else if (isStillRecorded(error)) {
      if ((await recordOutcome(ctx, serverId, volume.id)) === 'attached') return
      await post().catch((again: unknown) => Promise.reject(explained(again, serverId, volume.id)))
    } else if (isDeviceDemanded(error)) {
      await post(await computedDevice(ctx, serverId, volume.id))
    } else throw explained(error, serverId, volume.id)
  }
}

async function multiattachVersion(ctx: DriverContext, volume: Volume): Promise<string | undefined> {
  if (!volume.multiattach || !(await ctx.services.compute.supports(multiattachMicroversion))) return undefined
  return multiattachMicroversion
}

/**
 * The first letter that nothing on the server uses (driver spec §8.1). Nova tells whether the server has a config drive,
 * which its VM type may have switched on or off; only the configuration tells whether that drive is a disk.
 */
export async function computedDevice(ctx: DriverContext, serverId: string, volumeId: string): Promise<string> {
  const { flavors, servers, volumeAttachments } = ctx.services.compute
  const [server, attachments] = await Promise.all([servers.show(serverId), collect(volumeAttachments.list(serverId))])
  const flavor = server.flavor.id === undefined ? undefined : await foundOrUndefined(flavors.show(server.flavor.id))
  return firstFreeDevice(
    {
      configDrive: hasConfigDrive(server) ? ctx.config.configDrive : undefined,
      ...(flavor === undefined ? {} : { ephemeralGiB: flavor['OS-FLV-EXT-DATA:ephemeral'], swap: flavor.swap }),
    },
    attachments.filter((attachment) => attachment.volumeId !== volumeId).map(({ device }) => device),
  )
}

/** Old clouds refuse an attachment without a device. */
function isDeviceDemanded(error: unknown): boolean {
  return hasStatus(error, 400) && /\bdevice\b/i.test(error.fault?.message ?? '')
}

/** Nova's word for a volume that it takes for attached to this server. */
function isStillRecorded(error: unknown): boolean {
  return hasStatus(error, 400) && /already attached/i.test(error.fault?.message ?? '')
}

/**
 * Nova removes its record of an attachment a moment after Cinder; until then it refuses a free volume as attached. Or
 * another call for the same disk has just attached it.
 */
function recordOutcome(ctx: DriverContext, serverId: string, volumeId: string): Promise<'gone' | 'attached'> {
  const { services } = ctx
  return waitFor<Volume, 'gone' | 'attached'>(ctx.pace, {
    what: `Attachment of volume \`${volumeId}' to server \`${serverId}'`,
    target: 'deleted',
    poll: async () => {
      const record = await foundOrUndefined(services.compute.volumeAttachments.show(serverId, volumeId))
      return record === undefined ? undefined : await foundOrUndefined(services.blockStorage.volumes.show(volumeId))
    },
    state: (volume) => `recorded, the volume ${volume.status}`,
    classify: (volume) => (volume.status === 'in-use' && isAttachedTo(volume, serverId) ? done('attached') : waiting),
    whenGone: () => 'gone',
  })
}

/** A conflict passes with the server's task; without one (locked, wrong state) it is final. */
async function waitUntilIdle(ctx: DriverContext, serverId: string, conflict: Error): Promise<void> {
  const { servers } = ctx.services.compute
  let sawTask = false
  await waitFor<Server, void>(ctx.pace, {
    what: `Server \`${serverId}'`,
    target: 'without a task',
    firstPollMs: firstPollsMs.mayHoldAlready,
    poll: () => foundOrUndefined(servers.show(serverId)),
    state: (server) => `${server.status} (${taskOf(server) ?? 'no task'})`.toLowerCase(),
    classify: (server) => {
      if (taskOf(server) !== undefined) {
        sawTask = true
        return waiting
      }
      if (!sawTask && !/task_state/.test(conflict.message)) throw conflict
      return done(undefined)
    },
  })
}

function explained(error: unknown, serverId: string, volumeId: string): unknown {
  if (isNotFound(error)) {
    const isVolume = error.fault?.message.includes(volumeId) === true && !/^Instance/.test(error.fault.message)
    return isVolume ? diskNotFound(volumeId, error) : vmNotFound(serverId, error)
  }
  if (!hasStatus(error, 400)) return error
  return new CpiError(
    'CloudError',
    `Nova refuses to attach volume \`${volumeId}' to server \`${serverId}': ${error.message}`,
    { cause: error },
  )
}
