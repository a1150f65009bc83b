import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

/** Volumes that are snapshotted, copied and deleted together. */
export interface GroupRecord extends StoredRecord {
  project_id: string
  user_id: string
  name: string | null
  description: string | null
  status: string
  availability_zone: string
  group_type_id: string
  /** Types that its volumes may have. */
  volume_type_ids: readonly string[]
  /** What it was copied from. */
  group_snapshot_id: string | null
  source_group_id: string | null
  /** The scheduler has found a back end for it. */
  is_scheduled: boolean
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number | null
}

/** Snapshots of all volumes of a group, taken together. */
export interface GroupSnapshotRecord extends StoredRecord {
  project_id: string
  user_id: string
  group_id: string
  group_type_id: string
  name: string | null
  description: string | null
  status: string
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number | null
}

export const groups = defineCollection<GroupRecord>()({
  kind: 'volume_groups',
  indexes: {
    project: (r) => r.project_id,
    type: (r) => r.group_type_id,
    volumeType: (r) => r.volume_type_ids,
    sourceGroup: (r) => r.source_group_id,
    groupSnapshot: (r) => r.group_snapshot_id,
  },
})

export const groupSnapshots = defineCollection<GroupSnapshotRecord>()({
  kind: 'volume_group_snapshots',
  indexes: { project: (r) => r.project_id, group: (r) => r.group_id },
})
