import type { World } from '../../kernel/world.ts'
import { overLimit } from './faults-of-cinder.ts'
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
export const usedGigabytes = (world: World, projectId: string): number =>
  world.store.of(volumes).sum('gigabytes', projectId) + world.store.of(snapshots).sum('gigabytes', projectId)

export const usedVolumes = (world: World, projectId: string): number =>
  world.store.of(volumes).count('project', projectId)

export const usedSnapshots = (world: World, projectId: string): number =>
  world.store.of(snapshots).count('project', projectId)

/** Throws the 413 of a size that does not fit any more. */
export const reserveGigabytes = (world: World, projectId: string, addingGiB: number): void => {
  const used = usedGigabytes(world, projectId)
  if (!world.quotas.exceeded('block-storage', projectId, 'gigabytes', used, addingGiB)) return
  const limit = world.quotas.limit('block-storage', projectId, 'gigabytes')
  throw overLimit(
    'VolumeSizeExceedsAvailableQuota',
    `Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${addingGiB}G, quota is ${limit}G and ${used}G has been consumed.`,
  )
}

/** Throws the 413 of one volume too many. */
export const reserveVolumes = (world: World, projectId: string): void => {
  if (!world.quotas.exceeded('block-storage', projectId, 'volumes', usedVolumes(world, projectId), 1)) return
  const limit = world.quotas.limit('block-storage', projectId, 'volumes')
  throw overLimit('VolumeLimitExceeded', `Maximum number of volumes allowed (${limit}) exceeded for quota 'volumes'.`)
}

/** Throws the 413 of one snapshot too many. */
export const reserveSnapshots = (world: World, projectId: string): void => {
  if (!world.quotas.exceeded('block-storage', projectId, 'snapshots', usedSnapshots(world, projectId), 1)) return
  const limit = world.quotas.limit('block-storage', projectId, 'snapshots')
  throw overLimit('SnapshotLimitExceeded', `Maximum number of snapshots allowed (${limit}) exceeded`)
}
