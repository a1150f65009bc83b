import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { RequestedFailure } from '../../kernel/failure.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Route } from '../../kernel/service.ts'
import { invalidInput, since, stripped } from './cinder-errors.ts'
import { hasBackend } from './creation.ts'
import { removeGroup, resetGroupStatus } from './group-actions.ts'
import { createFromSource } from './group-copies.ts'
import { createGroup, updateGroup } from './group-lifecycles.ts'
import { listGroups } from './group-list.ts'
import { groupOf, invalidGroup } from './group-lookup.ts'
import { membershipChange } from './group-membership.ts'
import { groups } from './group-records.ts'
import { groupDetail, groupSummary } from './group-view.ts'
import { reserveGroup } from './quota-check.ts'
import { type GroupTypeRecord, groupTypes, type VolumeTypeRecord, volumeTypes } from './records.ts'
import { noBackend } from './user-messages.ts'
import { noSuchAction } from './volume-actions.ts'

const createBody = z.strictObject({
  group: z.strictObject({
    name: z.string().nullish(),
    description: z.string().nullish(),
    group_type: z.string(),
    volume_types: z.array(z.string()),
    availability_zone: z.string().nullish(),
  }),
})

/** Kept for the consistency groups of earlier releases. */
const reservedType = 'default_cgsnapshot_type'

const groupTypeBy = (call: Call, idOrName: string): GroupTypeRecord => {
  const all = call.store.of(groupTypes)
  const type = all.get(idOrName) ?? all.all().find(({ name }) => name.toLowerCase() === idOrName.toLowerCase())
  if (type && (type.is_public || call.isAdmin)) return type
  throw notFound(`Group type ${isUuidLike(idOrName) ? '' : 'with name '}${idOrName} could not be found.`)
}

/** Private types too: Cinder looks them up as an administrator. */
const memberTypeBy = (call: Call, idOrName: string): VolumeTypeRecord => {
  const all = call.store.of(volumeTypes)
  const type = all.get(idOrName) ?? all.find({ name: idOrName.toLowerCase() })
  if (type) return type
  throw notFound(`Volume type ${isUuidLike(idOrName) ? '' : 'with name '}${idOrName} could not be found.`)
}

const create = (call: Call) => {
  const { group: asked } = call.json(createBody)
  const name = stripped('name', asked.name)
  const description = stripped('description', asked.description)
  const named = isUuidLike(asked.group_type) ? undefined : groupTypeBy(call, asked.group_type)
  const groupType = () => named ?? groupTypeBy(call, asked.group_type)
  if ((named ?? call.store.of(groupTypes).get(asked.group_type))?.name === reservedType) {
    throw badRequest(
      `Group_type ${groupType().id} is reserved for migrating CGs to groups. Migrated group can only be operated by CG APIs.`,
    )
  }
  const types = asked.volume_types.map((type) => memberTypeBy(call, type))
  const group_type_id = groupType().id
  const zones = call.context.settings.volumeZones
  const zone = asked.availability_zone ?? zones[0] ?? 'nova'
  if (!zones.includes(zone)) throw invalidInput(`Availability zone '${zone}' is invalid.`)
  reserveGroup(call.context, call.projectId)
  const is_scheduled = types.every(hasBackend)
  const group = call.store.of(groups).insert({
    id: call.context.ids.uuid(),
    project_id: call.projectId,
    user_id: call.userId,
    ...{ name, description, group_type_id, is_scheduled },
    status: 'creating',
    availability_zone: zone,
    volume_type_ids: [...new Set(types.map(({ id }) => id))],
    group_snapshot_id: null,
    source_group_id: null,
    created_at: call.now,
    updated_at: null,
  })
  const start = () => call.context.lifecycle.start(createGroup, group.id)
  if (is_scheduled) start()
  else call.context.lifecycle.failing(new RequestedFailure({ to: 'error', message: noBackend }), start)
  return accepted({ group: groupSummary(call, group) })
}

const show = (call: Call) => ok({ group: groupDetail(call, groupOf(call)) })

const updateBody = z.strictObject({
  group: z.strictObject({
    name: z.string().nullish(),
    description: z.string().nullish(),
    add_volumes: z.string().nullish(),
    remove_volumes: z.string().nullish(),
  }),
})

const update = (call: Call) => {
  const { group: asked } = call.json(updateBody)
  const group = groupOf(call)
  const name = stripped('name', asked.name)
  const description = stripped('description', asked.description)
  const changes = {
    ...(name === null || name === group.name ? {} : { name }),
    ...(description === null || description === group.description ? {} : { description }),
  }
  const members = membershipChange(call, group, asked)
  const isMembership = members.add.length + members.remove.length > 0
  if (Object.keys(changes).length === 0 && !isMembership) {
    throw invalidGroup(
      `Cannot update group ${group.id} because no valid name, description, add_volumes, or remove_volumes were provided.`,
    )
  }
  if (isMembership && group.status !== 'available') throw invalidGroup('Group status must be available.')
  const status = isMembership ? 'updating' : 'available'
  call.context.lifecycle.cancel(groups, group.id)
  call.store.of(groups).update(group.id, { ...changes, status, updated_at: call.now })
  if (isMembership) call.context.lifecycle.start(updateGroup, group.id, { ...members })
  return acceptedAsHtml()
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#generic-volume-groups-groups */
export const groupRoutes: readonly Route[] = [
  { method: 'GET', path: '/groups', operation: 'groups.list', handle: since('3.13', listGroups(groupSummary)) },
  { method: 'GET', path: '/groups/detail', operation: 'groups.detail', handle: since('3.13', listGroups(groupDetail)) },
  { method: 'POST', path: '/groups', operation: 'groups.create', handle: since('3.13', create) },
  { method: 'GET', path: '/groups/:id', operation: 'groups.show', handle: since('3.13', show) },
  { method: 'PUT', path: '/groups/:id', operation: 'groups.update', handle: since('3.13', update) },
  {
    method: 'POST',
    path: '/groups/action',
    operation: 'groups.create-action',
    handle: noSuchAction,
    actions: {
      'create-from-src': { operation: 'groups.create-from-source', handle: since('3.14', createFromSource) },
    },
  },
  {
    method: 'POST',
    path: '/groups/:id/action',
    operation: 'groups.action',
    handle: noSuchAction,
    actions: {
      delete: { operation: 'groups.delete', handle: since('3.13', removeGroup) },
      reset_status: { operation: 'groups.reset-status', handle: since('3.20', resetGroupStatus) },
    },
  },
]
