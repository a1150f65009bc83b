import type { Call } from '../../../kernel/call.ts'
import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { type ImageRecord, images } from '../../image/records.ts'
import type { ServerRecord } from '../records.ts'

/** Size of a snapshot's content; no guest writes anything. */
const snapshotBytes = 1_048_576

const imageDefaults = {
  status: 'queued',
  visibility: 'private',
  size: null,
  virtual_size: null,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  min_ram: 0,
  protected: false,
  os_hidden: false,
  tags: [],
  isZeros: false,
  staged: null,
  stagedProblem: null,
} as const satisfies Partial<ImageRecord>

/** Adds the image, without data yet, that a server is stored as. */
export const addImage = (
  call: Call,
  server: ServerRecord,
  parts: { name: string; properties: Readonly<Record<string, string>> },
): ImageRecord => {
  const base = call.store.of(images).get(server.image_id)
  return call.store.of(images).insert({
    ...imageDefaults,
    id: call.context.ids.uuid(),
    name: parts.name,
    owner: server.project_id,
    disk_format: base?.disk_format ?? 'raw',
    container_format: base?.container_format ?? 'bare',
    min_disk: server.flavor.disk,
    properties: {
      ...server.image_properties,
      base_image_ref: server.image_id,
      instance_uuid: server.id,
      user_id: call.userId,
      ...parts.properties,
    },
    created_at: call.now,
    updated_at: call.now,
  })
}

/** Gives an image its data; one that was deleted meanwhile stays deleted. */
export const completeImage = (context: CloudContext, id: string): void => {
  const all = context.store.of(images)
  if (!all.has(id)) return
  all.update(id, { status: 'active', size: snapshotBytes, isZeros: true, updated_at: context.clock.now() })
}
