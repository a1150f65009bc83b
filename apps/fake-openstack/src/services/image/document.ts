import { isoSeconds } from '../../kernel/time-format.ts'
import type { ImageMemberRecord, ImageRecord } from './records.ts'

/** An image as the API shows it: free properties first, then the fixed ones, in Glance's order. */
export const imageDocument = (image: ImageRecord) => ({
  ...image.properties,
  name: image.name,
  disk_format: image.disk_format,
  container_format: image.container_format,
  visibility: image.visibility,
  size: image.size,
  virtual_size: image.virtual_size,
  status: image.status,
  checksum: image.checksum,
  protected: image.protected,
  min_ram: image.min_ram,
  min_disk: image.min_disk,
  owner: image.owner,
  os_hidden: image.os_hidden,
  os_hash_algo: image.os_hash_algo,
  os_hash_value: image.os_hash_value,
  id: image.id,
  created_at: isoSeconds(image.created_at),
  updated_at: isoSeconds(image.updated_at),
  tags: image.tags,
  self: `/v2/images/${image.id}`,
  file: `/v2/images/${image.id}/file`,
  schema: '/v2/schemas/image',
  ...(image.os_hash_value === null ? {} : { stores: 'file' }),
})

export const memberDocument = (member: ImageMemberRecord) => ({
  member_id: member.member_id,
  image_id: member.image_id,
  status: member.status,
  created_at: isoSeconds(member.created_at),
  updated_at: isoSeconds(member.updated_at),
  schema: '/v2/schemas/member',
})
