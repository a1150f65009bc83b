import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

export type Metadata = Readonly<Record<string, string>>

export interface VolumeRecord extends StoredRecord {
  project_id: string
  user_id: string
  name: string | null
  description: string | null
  /** GiB */
  size: number
  status: string
  /** What the status was before the present action; where extending and retyping go back to. */
  previous_status: string | null
  availability_zone: string
  volume_type_id: string | null
  snapshot_id: string | null
  source_volid: string | null
  metadata: Metadata
  /** `readonly` and `attached_mode`: shown as metadata once the volume is or was attached. */
  admin_metadata: Metadata
  bootable: boolean
  multiattach: boolean
  /** The group that it belongs to. */
  group_id?: string | null
  /** Properties of the image it was made of; null when there was none. */
  image_metadata: Metadata | null
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number | null
}

export interface SnapshotRecord extends StoredRecord {
  project_id: string
  user_id: string
  volume_id: string
  /** What it was taken with. */
  group_snapshot_id?: string | null
  name: string | null
  description: string | null
  /** GiB, of the volume at that time. */
  size: number
  status: string
  /** `0%` to `100%` */
  progress: string
  metadata: Metadata
  created_at: number
  updated_at: number | null
}

export interface VolumeTypeRecord extends StoredRecord {
  name: string
  description: string | null
  is_public: boolean
  /** Used for volumes that name no type. */
  is_default: boolean
  /** A value may be null: Cinder stores a key without one. */
  extra_specs: Readonly<Record<string, string | null>>
  /** Projects that may use a private type. */
  access?: readonly string[]
  encryption?: TypeEncryption | null
  qos_specs_id?: string | null
}

/** What a volume type promises about the speed of its volumes, and who is to keep it. */
export interface QosSpecsRecord extends StoredRecord {
  name: string
  consumer: 'back-end' | 'front-end' | 'both'
  specs: Readonly<Record<string, string>>
}

/** What groups of volumes can do. */
export interface GroupTypeRecord extends StoredRecord {
  name: string
  description: string | null
  is_public: boolean
  group_specs: Readonly<Record<string, string | null>>
}

/** How the volumes of a type are encrypted. */
export interface TypeEncryption {
  encryption_id: string
  provider: string
  control_location: string
  cipher: string | null
  /** Bits */
  key_size: number | null
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number | null
}

/** What ties a volume to a server, from the reservation on. */
export interface AttachmentRecord extends StoredRecord {
  volume_id: string
  /** Null for attachments that no server was named for. */
  server_id: string | null
  project_id: string
  attach_status: 'reserved' | 'attaching' | 'attached'
  /** The text `null` is what Cinder says of an attachment made without a mode. */
  attach_mode: 'rw' | 'ro' | 'null' | null
  /** `/dev/vdb`; null until the server has it. */
  device: string | null
  /** The connector of the host, once given. */
  connection_info: Readonly<Record<string, unknown>>
  /** Epoch milliseconds. */
  attached_at: number | null
}

/** An offer of a volume to whoever has its key; it is gone once accepted. */
export interface TransferRecord extends StoredRecord {
  volume_id: string
  name: string | null
  auth_key: string
  no_snapshots: boolean
  source_project_id: string
  /** Epoch milliseconds. */
  created_at: number
}

/** One pair of a volume's metadata as the index of metadata has it. */
export const metadataKey = (key: string, value: string): string => JSON.stringify([key, value])

export const volumes = defineCollection<VolumeRecord>()({
  kind: 'volumes',
  indexes: {
    project: (r) => r.project_id,
    name: (r) => r.name?.toLowerCase(),
    status: (r) => r.status,
    metadata: (r) => Object.entries(r.metadata).map(([key, value]) => metadataKey(key, value)),
    snapshot: (r) => r.snapshot_id,
    group: (r) => r.group_id,
  },
  sums: { gigabytes: { by: (r) => r.project_id, of: (r) => r.size } },
})

export const snapshots = defineCollection<SnapshotRecord>()({
  kind: 'snapshots',
  indexes: {
    project: (r) => r.project_id,
    volume: (r) => r.volume_id,
    name: (r) => r.name?.toLowerCase(),
    groupSnapshot: (r) => r.group_snapshot_id,
  },
  sums: { gigabytes: { by: (r) => r.project_id, of: (r) => r.size } },
})

export const volumeTypes = defineCollection<VolumeTypeRecord>()({
  kind: 'volume_types',
  indexes: { name: (r) => r.name.toLowerCase(), qosSpecs: (r) => r.qos_specs_id },
})

export const groupTypes = defineCollection<GroupTypeRecord>()({ kind: 'group_types' })

export const qosSpecs = defineCollection<QosSpecsRecord>()({ kind: 'qos_specs', indexes: { name: (r) => r.name } })

export const volumeAttachments = defineCollection<AttachmentRecord>()({
  kind: 'volume_attachments',
  indexes: { volume: (r) => r.volume_id, server: (r) => r.server_id, project: (r) => r.project_id },
})

export const volumeTransfers = defineCollection<TransferRecord>()({
  kind: 'volume_transfers',
  indexes: { volume: (r) => r.volume_id },
})
