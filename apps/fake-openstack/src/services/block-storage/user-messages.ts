import type { CloudContext } from '../../kernel/cloud-context.ts'
import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'
import type { Failure } from '../../kernel/failure.ts'
import type { VolumeRecord } from './records.ts'

/** Why something failed that Cinder had accepted. */
export interface MessageRecord extends StoredRecord {
  project_id: string
  request_id: string
  resource_type: 'VOLUME'
  resource_uuid: string
  event_id: string
  message_level: 'ERROR'
  user_message: string
  /** Epoch milliseconds. */
  created_at: number
  expires_at: number
}

export const userMessages = defineCollection<MessageRecord>()({ kind: '_volume_messages', internal: true })

/** `message_ttl` */
const lifetimeMs = 2_592_000_000

/** What the scheduler says when no back end is left. */
export const noBackend = 'No valid backend was found.'

// https://opendev.org/openstack/cinder/src/branch/stable/zed/cinder/message/message_field.py
const ofScheduler = {
  event_id: 'VOLUME_VOLUME_001_003',
  user_message: 'schedule allocate volume:Could not find any available weighted backend.',
}
const ofDriver = {
  event_id: 'VOLUME_VOLUME_008_012',
  user_message: 'create volume from backend storage:Driver failed to create the volume.',
}

/** Leaves the message about a volume that could not be created: the scheduler has refused it, or the driver failed. */
export const leaveCreationMessage = (
  context: CloudContext,
  volume: VolumeRecord,
  failure: Failure,
  requestId: string,
): void => {
  if (failure.to !== 'error') return
  const now = context.clock.now()
  context.store.of(userMessages).insert({
    id: context.ids.uuid(),
    project_id: volume.project_id,
    request_id: requestId,
    resource_type: 'VOLUME',
    resource_uuid: volume.id,
    message_level: 'ERROR',
    ...(/no valid (backend|host)/i.test(failure.message) ? ofScheduler : ofDriver),
    created_at: now,
    expires_at: now + lifetimeMs,
  })
}
