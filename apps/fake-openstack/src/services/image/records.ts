import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

export type ImageStatus =
  | 'queued'
  | 'saving'
  | 'uploading'
  | 'importing'
  | 'active'
  | 'killed'
  | 'deactivated'
  | 'pending_delete'

export interface ImageRecord extends StoredRecord {
  name: string | null
  status: ImageStatus
  visibility: 'public' | 'private' | 'shared' | 'community'
  /** Project id. */
  owner: string
  disk_format: string | null
  container_format: string | null
  /** Bytes; null before the upload. */
  size: number | null
  virtual_size: number | null
  checksum: string | null
  os_hash_algo: string | null
  os_hash_value: string | null
  /** GiB */
  min_disk: number
  /** MiB */
  min_ram: number
  protected: boolean
  os_hidden: boolean
  tags: readonly string[]
  /** Free properties, in the order in which they were given. */
  properties: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number
  /** The content is this many zero bytes (images of the seed), so that it need not be kept to be downloaded. */
  isZeros: boolean
  /** What a staged upload will turn into when it is imported. */
  staged: Partial<ImageRecord> | null
  /** Why an import of the staged upload fails. */
  stagedProblem: string | null
}

/** Glance images. Compute and block storage look them up here; a server's image must be `active`. */
export const images = defineCollection<ImageRecord>()({
  kind: 'images',
  indexes: {
    name: (r) => r.name,
    owner: (r) => r.owner,
    visibility: (r) => r.visibility,
    status: (r) => r.status,
  },
})

export interface ImageMemberRecord extends StoredRecord {
  image_id: string
  member_id: string
  status: 'pending' | 'accepted' | 'rejected'
  created_at: number
  updated_at: number
}

/** Projects that a shared image is shown to; the id is `<image>/<project>`. */
export const imageMembers = defineCollection<ImageMemberRecord>()({
  kind: 'image_members',
  indexes: { image: (r) => r.image_id, member: (r) => r.member_id },
})

export interface ImageTaskRecord extends StoredRecord {
  image_id: string
  status: 'pending' | 'processing' | 'success' | 'failure'
  owner: string
  user_id: string
  request_id: string
  input: Readonly<Record<string, unknown>>
  message: string
  created_at: number
  updated_at: number
}

/** Imports, as `GET /images/<id>/tasks` shows them. */
export const imageTasks = defineCollection<ImageTaskRecord>()({
  kind: 'image_tasks',
  indexes: { image: (r) => r.image_id },
})
