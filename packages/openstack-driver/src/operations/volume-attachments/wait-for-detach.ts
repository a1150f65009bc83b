import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { done, failed, waitFor, waiting } from '../../http/waiter.ts'
import type { Problems } from '../../rollback/cleanup-problems.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import type { AttachedVolume } from '../../services/compute/servers.ts'
import { forEachInParallel } from '../in-parallel.ts'

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
