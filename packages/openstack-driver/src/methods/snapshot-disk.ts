import { CpiError, type DiskCid, type JsonObject, type SnapshotCid, snapshotCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined, isNotFound, isQuota } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { createRecognisable } from '../operations/ambiguous-request.ts'
import { whenVisible } from '../operations/tolerant-request.ts'
import { discardSnapshot } from '../operations/volumes/delete-snapshot.ts'
import { finishPendingResult } from '../pending-results.ts'
import { diskNotFound, volumeIdOf } from '../planning/cids.ts'
import { creationMark, unfinishedOriginOf } from '../planning/creation-marks.ts'
import { snapshotDescription, snapshotMetadata } from '../planning/metadata.ts'
import { isNamed } from '../planning/ownership.ts'
import { withRollback } from '../rollback.ts'
import { waitForSnapshot } from '../services/block-storage/snapshots.ts'

/** `snapshot_disk` (driver spec §7.19, contract §6.19), also of a volume in use. Throws `DiskNotFound`, `NoDiskSpace`. */
export async function snapshotDisk(ctx: DriverContext, disk: DiskCid, metadata: JsonObject): Promise<SnapshotCid> {
  const { snapshots, volumes } = ctx.services.blockStorage
  const volumeId = volumeIdOf(disk)
  const volume = await foundOrUndefined(volumes.show(volumeId))
  if (volume === undefined) throw diskNotFound(volumeId)
  const isMarked = ctx.config.tagResources
  const wanted = {
    volume_id: volumeId,
    name: `snapshot-${ctx.random.uuid()}`,
    description: snapshotDescription(metadata, volume.attachments[0]?.device),
    force: true,
    metadata: snapshotMetadata({ ...metadata, ...(isMarked ? unfinishedOriginOf(ctx.call) : {}) }),
  }
  return await withRollback(ctx, async (rollback) => {
    const snapshot = await createRecognisable(ctx, rollback, {
      what: `snapshot ${wanted.name}`,
      label: ({ id }) => `snapshot ${id}`,
      create: ({ services }) => services.blockStorage.snapshots.create(wanted),
      find: async ({ services }) =>
        (await collect(services.blockStorage.snapshots.list({ name: wanted.name }))).filter(isNamed(wanted.name)),
      remove: (cleanup, { id }) => discardSnapshot(cleanup, id),
    }).catch((error: unknown) => Promise.reject(explained(error, volumeId)))
    await waitForSnapshot(snapshots, snapshot.id, ctx.pace)
    // The director never touches a snapshot again: it must be marked as finished now.
    if (isMarked) {
      await finishPendingResult(ctx.pendingResults, { kind: 'snapshot', id: snapshot.id }, () =>
        whenVisible(ctx, `snapshot ${snapshot.id}`, () => snapshots.setMetadata(snapshot.id, creationMark('finished'))),
      )
    }
    return snapshotCid(snapshot.id)
  })
}

function explained(error: unknown, volumeId: string): unknown {
  if (isNotFound(error)) return diskNotFound(volumeId, error)
  if (!isQuota(error)) return error
  return new CpiError('NoDiskSpace', `Cannot create a snapshot of volume \`${volumeId}': ${error.message}`, {
    okToRetry: false,
    cause: error,
  })
}
