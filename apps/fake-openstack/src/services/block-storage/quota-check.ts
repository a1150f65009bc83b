import type { CloudContext } from '../../kernel/cloud-context.ts'
import { overLimit } from './cinder-errors.ts'
import { snapshots, volumes } from './records.ts'

/** Cinder's defaults (`quota_volumes` and the like); per-type limits do not exist. */
export const quotaDefaults = {
  volumes: 10,
  per_volume_gigabytes: -1,
  snapshots: 10,
  gigabytes: 1000,
  backups: 10,
  backup_gigabytes: 1000,
  groups: 10,
} as const

/** GiB of a project's volumes and snapshots: both count. */
export const usedGigabytes = (context: CloudContext, projectId: string): number =>
  context.store.of(volumes).sum('gigabytes', projectId) + context.store.of(snapshots).sum('gigabytes', projectId)

export const usedVolumes = (context: CloudContext, projectId: string): number =>
  context.store.of(volumes).count('project', projectId)

export const usedSnapshots = (context: CloudContext, projectId: string): number =>
  context.store.of(snapshots).count('project', projectId)

/** Throws the 413 of a size that does not fit any more. */
export const reserveGigabytes = (context: CloudContext, projectId: string, addingGiB: number): void => {
  const used = usedGigabytes(context, projectId)
  if (!context.quotas.exceeded('block-storage', projectId, 'gigabytes', used, addingGiB)) return
  const limit = context.quotas.limit('block-storage', projectId, 'gigabytes')
  throw overLimit(
    'VolumeSizeExceedsAvailableQuota',
    `Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${addingGiB}G, quota is ${limit}G and ${used}G has been consumed.`,
  )
}

/** Throws the 413 of one volume too many. */
export const reserveVolumes = (context: CloudContext, projectId: string): void => {
  if (!context.quotas.exceeded('block-storage', projectId, 'volumes', usedVolumes(context, projectId), 1)) return
  const limit = context.quotas.limit('block-storage', projectId, 'volumes')
  throw overLimit('VolumeLimitExceeded', `Maximum number of volumes allowed (${limit}) exceeded for quota 'volumes'.`)
}

/** Throws the 413 of snapshots that are too many. */
export const reserveSnapshots = (context: CloudContext, projectId: string, adding = 1): void => {
  const used = usedSnapshots(context, projectId)
  if (!context.quotas.exceeded('block-storage', projectId, 'snapshots', used, adding)) return
  const limit = context.quotas.limit('block-storage', projectId, 'snapshots')
  throw overLimit('SnapshotLimitExceeded', `Maximum number of snapshots allowed (${limit}) exceeded`)
}
