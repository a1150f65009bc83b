import * as z from 'zod'
import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { RequestedFailure } from '../../kernel/failure.ts'
import { accepted } from '../../kernel/reply.ts'
import { stripped } from './cinder-errors.ts'
import { addVolume } from './creation.ts'
import { copyGroup } from './group-lifecycles.ts'
import { groupOf, groupSnapshotOf, invalidGroup } from './group-lookup.ts'
import { type GroupRecord, groups } from './group-records.ts'
import { reserveGroup } from './quota-check.ts'
import { type SnapshotRecord, snapshots, type VolumeRecord, volumes, volumeTypes } from './records.ts'

const copyBody = z.strictObject({
  'create-from-src': z.strictObject({
    name: z.string().nullish(),
    description: z.string().nullish(),
    source_group_id: z.string().optional(),
    group_snapshot_id: z.string().optional(),
  }),
})

/** The volumes to copy: as they are, or as they were when the group snapshot was taken. */
type Source = { snapshot: SnapshotRecord } | { source: VolumeRecord }

/** `create-from-src`: a new group with copies of the volumes of another one. */
export const createFromSource = (call: Call) => {
  const { 'create-from-src': asked } = call.json(copyBody)
  const groupSnapshot = asked.group_snapshot_id ? groupSnapshotOf(call, asked.group_snapshot_id) : undefined
  const original = groupOf(call, groupSnapshot?.group_id ?? asked.source_group_id)
  const group = asBadRequest(() => {
    reserveGroup(call.context, call.projectId)
    return call.store.of(groups).insert({
      ...original,
      id: call.context.ids.uuid(),
      project_id: call.projectId,
      user_id: call.userId,
      name: stripped('name', asked.name),
      description: stripped('description', asked.description),
      status: 'creating',
      group_snapshot_id: groupSnapshot?.id ?? null,
      source_group_id: groupSnapshot ? null : original.id,
      created_at: call.now,
      updated_at: null,
    })
  })
  if (!group.is_scheduled) throw invalidGroup(`No valid host to create group ${group.id}.`)
  const sources: readonly Source[] = groupSnapshot
    ? call.store
        .of(snapshots)
        .where({ groupSnapshot: groupSnapshot.id })
        .map((snapshot) => ({ snapshot }))
    : call.store
        .of(volumes)
        .where({ group: original.id })
        .map((source) => ({ source }))
  if (sources.length === 0) {
    throw invalidGroup(`${groupSnapshot ? 'Group snapshot' : 'Source Group'} is empty. No group will be created.`)
  }
  asBadRequest(() => {
    for (const source of sources) copyVolume(call, group, source)
  })
  const start = () => call.context.lifecycle.start(copyGroup, group.id)
  const isReady = sources.every((one) => ('source' in one ? one.source : one.snapshot).status === 'available')
  if (isReady) start()
  else
    call.context.lifecycle.failing(new RequestedFailure({ to: 'error', message: 'a source is not available' }), start)
  return accepted({ group: { id: group.id, name: group.name } })
}

const copyVolume = (call: Call, group: GroupRecord, source: Source): void => {
  const origin = 'source' in source ? source.source : call.store.of(volumes).get(source.snapshot.volume_id)
  addVolume(call.context, {
    projectId: call.projectId,
    userId: call.userId,
    name: null,
    description: null,
    size: 'source' in source ? source.source.size : source.snapshot.size,
    availabilityZone: group.availability_zone,
    type: origin?.volume_type_id ? call.store.of(volumeTypes).get(origin.volume_type_id) : undefined,
    group,
    isCopiedWithGroup: true,
    ...source,
  })
}

/** Whatever refuses the group or one of its volumes is a 400 here, quotas too. */
const asBadRequest = <T>(step: () => T): T => {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw badRequest(error.message.replace(/^\w+Exceed\w+: /, ''))
  }
}
