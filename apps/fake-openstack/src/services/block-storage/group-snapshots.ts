import * as z from 'zod'
import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { invalidVolume, since } from './cinder-errors.ts'
import { type Columns, columnFilters } from './column-filters.ts'
import { createGroupSnapshot, deleteGroupSnapshot } from './group-lifecycles.ts'
import { groupOf, groupSnapshotOf } from './group-lookup.ts'
import { type GroupRecord, type GroupSnapshotRecord, groupSnapshots, groups } from './group-records.ts'
import { listOf } from './list-query.ts'
import { unmodelledGroupSnapshotColumns } from './query-keys.ts'
import { reserveSnapshotsOf } from './quota-check.ts'
import { snapshots, volumes } from './records.ts'
import { noSuchAction } from './volume-actions.ts'
import { storedTime } from './volume-view.ts'

const summary = (_: Call, { id, name }: GroupSnapshotRecord) => ({ id, name })

const detail = (call: Call, snapshot: GroupSnapshotRecord) => ({
  id: snapshot.id,
  group_id: snapshot.group_id,
  group_type_id: snapshot.group_type_id,
  status: snapshot.status,
  created_at: storedTime(snapshot.created_at),
  name: snapshot.name,
  description: snapshot.description,
  ...(call.isAdmin && call.microversion.atLeast('3.58') ? { project_id: snapshot.project_id } : {}),
})

const createBody = z.strictObject({
  group_snapshot: z.strictObject({
    group_id: z.string(),
    name: z.string().nullish(),
    description: z.string().nullish(),
  }),
})

const create = (call: Call) => {
  const { group_snapshot: asked } = call.json(createBody)
  const group = groupOf(call, asked.group_id)
  const snapshot = call.store.of(groupSnapshots).insert({
    id: call.context.ids.uuid(),
    project_id: call.projectId,
    user_id: call.userId,
    group_id: group.id,
    group_type_id: group.group_type_id,
    name: asked.name ?? null,
    description: asked.description ?? null,
    status: 'creating',
    created_at: call.now,
    updated_at: null,
  })
  addSnapshots(call, group, snapshot)
  call.context.lifecycle.start(createGroupSnapshot, snapshot.id)
  return accepted({
    group_snapshot: { id: snapshot.id, name: snapshot.name, group_type_id: snapshot.group_type_id },
  })
}

const addSnapshots = (call: Call, group: GroupRecord, { id, name, description }: GroupSnapshotRecord): void => {
  const members = call.store.of(volumes).where({ group: group.id })
  if (members.some(({ status }) => status === 'maintenance')) {
    throw invalidVolume('The snapshot cannot be created when the volume is in maintenance mode.')
  }
  if (members.some(({ status }) => status === 'error')) {
    throw invalidVolume('The snapshot cannot be created when the volume is in error status.')
  }
  reserveSnapshotsOf(call.context, call.projectId, members)
  for (const volume of members) {
    call.store.of(snapshots).insert({
      id: call.context.ids.uuid(),
      project_id: call.projectId,
      user_id: call.userId,
      volume_id: volume.id,
      group_snapshot_id: id,
      ...{ name, description, size: volume.size },
      status: 'creating',
      progress: '0%',
      metadata: {},
      created_at: call.now,
      updated_at: null,
    })
  }
}

const show = (call: Call) => ok({ group_snapshot: detail(call, groupSnapshotOf(call)) })

const remove = (call: Call) => {
  const { id, status } = groupSnapshotOf(call)
  const copies = call.store.of(groups).where({ groupSnapshot: id })
  if (!['available', 'error'].includes(status) || copies.some((copy) => copy.status === 'creating')) {
    throw badRequest(
      'Invalid GroupSnapshot: GroupSnapshot status must be available or error, and no Group can be currently using it ' +
        'as source for its creation.',
    )
  }
  for (const one of call.store.of(snapshots).where({ groupSnapshot: id })) {
    call.context.lifecycle.cancel(snapshots, one.id)
    call.store.of(snapshots).update(one.id, { status: 'deleting', updated_at: call.now })
  }
  call.context.lifecycle.cancel(groupSnapshots, id)
  call.store.of(groupSnapshots).update(id, { status: 'deleting', updated_at: call.now })
  call.context.lifecycle.start(deleteGroupSnapshot, id)
  return acceptedAsHtml()
}

const resetBody = z.strictObject({ reset_status: z.strictObject({ status: z.string() }) })

const resetStatus = (call: Call) => {
  const { status } = call.json(resetBody).reset_status
  const { id } = groupSnapshotOf(call)
  call.requireAdmin('group:reset_group_snapshot_status')
  call.context.lifecycle.cancel(groupSnapshots, id)
  call.store.of(groupSnapshots).update(id, { status: status.toLowerCase(), updated_at: call.now })
  return acceptedAsHtml()
}

const columns: Columns<GroupSnapshotRecord> = {
  name: (s) => s.name,
  status: (s) => s.status,
  group_id: (s) => s.group_id,
}
const furtherColumns: Columns<GroupSnapshotRecord> = {
  id: (s) => s.id,
  description: (s) => s.description,
  group_type_id: (s) => s.group_type_id,
  user_id: (s) => s.user_id,
  project_id: (s) => s.project_id,
}

/** Before 3.29 the query is not looked at. */
const list = (view: (call: Call, snapshot: GroupSnapshotRecord) => unknown) => (call: Call) => {
  const all = call.store.of(groupSnapshots)
  if (!call.microversion.atLeast('3.29')) {
    const own = [...all.walk({ project: call.projectId }, { reverse: true })]
    return ok({ group_snapshots: own.map((snapshot) => view(call, snapshot)) })
  }
  return ok(
    listOf(
      call,
      all,
      { project: call.isAdmin && call.query.has('all_tenants') ? undefined : call.projectId },
      {
        collection: 'group_snapshots',
        linksKey: 'group_snapshot_links',
        linkPath: 'group_snapshots',
        unknownMarker: (marker) => `GroupSnapshot ${marker} could not be found.`,
        sortKeys: {
          ...{ ...columns, ...furtherColumns },
          created_at: (s) => s.created_at,
          updated_at: (s) => s.updated_at,
        },
        filters: columnFilters(columns),
        adminFilters: columnFilters(furtherColumns),
        unmodelled: unmodelledGroupSnapshotColumns,
        allTenants: 'any',
        strictFrom: '3.31',
        isOfAllColumns: true,
        isCounted: false,
      },
      (snapshot) => view(call, snapshot),
    ),
  )
}

const collection = '/group_snapshots'
const one = `${collection}/:id`

/** https://docs.openstack.org/api-ref/block-storage/v3/#group-snapshots-group-snapshots */
export const groupSnapshotRoutes: readonly Route[] = [
  { method: 'GET', path: collection, operation: 'group-snapshots.list', handle: since('3.14', list(summary)) },
  {
    method: 'GET',
    path: `${collection}/detail`,
    operation: 'group-snapshots.detail',
    handle: since('3.14', list(detail)),
  },
  { method: 'POST', path: collection, operation: 'group-snapshots.create', handle: since('3.14', create) },
  { method: 'GET', path: one, operation: 'group-snapshots.show', handle: since('3.14', show) },
  { method: 'DELETE', path: one, operation: 'group-snapshots.delete', handle: since('3.14', remove) },
  {
    method: 'POST',
    path: `${one}/action`,
    operation: 'group-snapshots.action',
    handle: noSuchAction,
    actions: {
      reset_status: { operation: 'group-snapshots.reset-status', handle: since('3.19', resetStatus) },
    },
  },
]
