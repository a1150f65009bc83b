import type { CloudContext } from '../../kernel/cloud-context.ts'
import { overLimit } from './cinder-errors.ts'
import { groups } from './group-records.ts'
import { snapshots, type VolumeRecord, volumes, volumeTypes } from './records.ts'

/** Cinder's defaults (`quota_volumes` and the like); those of a volume type are without a limit. */
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

export const usedGroups = (context: CloudContext, projectId: string): number =>
  context.store.of(groups).count('project', projectId)

/** Quotas that each volume type has for itself, too: `volumes_fast`. */
export const typeQuotas = ['volumes', 'gigabytes', 'snapshots'] as const

type QuotaName = (typeof typeQuotas)[number]

/** What a project has of a volume type: volumes, their snapshots, and the GiB of both. */
export const usedOfType = (context: CloudContext, projectId: string, typeId: string): Record<QuotaName, number> => {
  const own = context.store.of(volumes).where({ project: projectId })
  const ofType = own.filter((volume) => volume.volume_type_id === typeId)
  const ids = new Set(ofType.map(({ id }) => id))
  const taken = context.store
    .of(snapshots)
    .where({ project: projectId })
    .filter((snapshot) => ids.has(snapshot.volume_id))
  const gigabytes = [...ofType, ...taken].reduce((total, { size }) => total + size, 0)
  return { volumes: ofType.length, snapshots: taken.length, gigabytes }
}

const usedOf = (context: CloudContext, projectId: string): Record<QuotaName, () => number> => ({
  volumes: () => usedVolumes(context, projectId),
  gigabytes: () => usedGigabytes(context, projectId),
  snapshots: () => usedSnapshots(context, projectId),
})

/** The quota that does not allow that much more, of all volumes or of the type; undefined where all do. */
const passed = (context: CloudContext, projectId: string, quota: QuotaName, adding: number, typeId?: string | null) => {
  const { quotas, store } = context
  const type = typeId ? store.of(volumeTypes).get(typeId) : undefined
  const all = { name: quota as string, used: usedOf(context, projectId)[quota] }
  const ofType = type && { name: `${quota}_${type.name}`, used: () => usedOfType(context, projectId, type.id)[quota] }
  for (const { name, used } of [all, ...(ofType ? [ofType] : [])]) {
    const limit = quotas.limit('block-storage', projectId, name)
    // What is used of a type is counted for those alone who have limited it.
    if (limit >= 0 && quotas.exceeded('block-storage', projectId, name, used(), adding)) {
      return { name, limit, used: used() }
    }
  }
  return undefined
}

/** Throws the 413 of a size that does not fit any more. */
export const reserveGigabytes = (
  context: CloudContext,
  projectId: string,
  addingGiB: number,
  typeId?: string | null,
): void => {
  const quota = passed(context, projectId, 'gigabytes', addingGiB, typeId)
  if (!quota) return
  const { name, limit, used } = quota
  throw overLimit(
    'VolumeSizeExceedsAvailableQuota',
    `Requested volume or snapshot exceeds allowed ${name} quota. Requested ${addingGiB}G, quota is ${limit}G and ${used}G has been consumed.`,
  )
}

/** Throws the 413 of one volume too many. */
export const reserveVolumes = (context: CloudContext, projectId: string, typeId?: string | null): void => {
  const quota = passed(context, projectId, 'volumes', 1, typeId)
  if (!quota) return
  const { name, limit } = quota
  throw overLimit('VolumeLimitExceeded', `Maximum number of volumes allowed (${limit}) exceeded for quota '${name}'.`)
}

/** Throws the 413 of snapshots that are too many. */
export const reserveSnapshots = (
  context: CloudContext,
  projectId: string,
  adding = 1,
  typeId?: string | null,
): void => {
  const quota = passed(context, projectId, 'snapshots', adding, typeId)
  if (!quota) return
  throw overLimit('SnapshotLimitExceeded', `Maximum number of snapshots allowed (${quota.limit}) exceeded`)
}

/** Throws the 413 of snapshots of all these volumes that are too many or too large. */
export const reserveSnapshotsOf = (context: CloudContext, projectId: string, taken: readonly VolumeRecord[]): void => {
  const sizeOf = (some: readonly VolumeRecord[]): number => some.reduce((total, { size }) => total + size, 0)
  reserveGigabytes(context, projectId, sizeOf(taken))
  reserveSnapshots(context, projectId, taken.length)
  for (const typeId of new Set(taken.map((volume) => volume.volume_type_id))) {
    const ofType = taken.filter((volume) => volume.volume_type_id === typeId)
    reserveGigabytes(context, projectId, sizeOf(ofType), typeId)
    reserveSnapshots(context, projectId, ofType.length, typeId)
  }
}

/** Throws the 413 of one group too many. */
export const reserveGroup = (context: CloudContext, projectId: string): void => {
  const limit = context.quotas.limit('block-storage', projectId, 'groups')
  if (!context.quotas.exceeded('block-storage', projectId, 'groups', usedGroups(context, projectId), 1)) return
  throw overLimit('GroupLimitExceeded', `Maximum number of groups allowed (${limit}) exceeded`)
}
