import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { invalidSnapshot, invalidVolume, stripped } from './cinder-errors.ts'
import { createSnapshot, deleteSnapshot } from './lifecycles.ts'
import { booleanOf, dictionaryOf, listOf } from './list-query.ts'
import { unmodelledSnapshotColumns } from './query-keys.ts'
import { reserveGigabytes, reserveSnapshots } from './quota-check.ts'
import { type SnapshotRecord, snapshots, volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { noSuchAction } from './volume-actions.ts'
import { storedTime } from './volume-view.ts'
import { volumeOf } from './volumes.ts'

/** The snapshot of the path if the project may see it; else Cinder's 404. */
export const snapshotOf = (call: Call): SnapshotRecord => {
  const snapshot = call.store.of(snapshots).get(call.param('id'))
  if (!snapshot || (snapshot.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Snapshot ${call.param('id')} could not be found.`)
  }
  return snapshot
}

const summary = (_: Call, snapshot: SnapshotRecord) => ({
  id: snapshot.id,
  created_at: storedTime(snapshot.created_at),
  updated_at: storedTime(snapshot.updated_at),
  name: snapshot.name,
  description: snapshot.description,
  volume_id: snapshot.volume_id,
  status: snapshot.status,
  size: snapshot.size,
  metadata: snapshot.metadata,
})

const detail = (call: Call, snapshot: SnapshotRecord) => ({
  ...summary(call, snapshot),
  ...(call.microversion.atLeast('3.14') ? { group_snapshot_id: snapshot.group_snapshot_id ?? null } : {}),
  ...(call.microversion.atLeast('3.41') ? { user_id: snapshot.user_id } : {}),
  ...(call.microversion.atLeast('3.65') ? { consumes_quota: true } : {}),
})

/** What show and detailed lists have besides. */
const shown = (call: Call, snapshot: SnapshotRecord) => ({
  ...detail(call, snapshot),
  'os-extended-snapshot-attributes:project_id': snapshot.project_id,
  'os-extended-snapshot-attributes:progress': snapshot.progress,
})

const createBody = field.envelope({
  snapshot: z.strictObject({
    volume_id: field.required(field.optionalUuid),
    name: field.shortText,
    display_name: field.shortText,
    description: field.shortText,
    force: field.boolean,
    metadata: field.metadataOrNull,
  }),
})

const create = (call: Call) => {
  const { snapshot: asked } = call.json(createBody)
  const isFree = call.microversion.atLeast('3.66')
  const volume = volumeOf(call, asked.volume_id ?? 'None')
  if (isFree && asked.force !== undefined && !field.isTrue(asked.force)) {
    throw badRequest(
      "Since microversion 3.66 the 'force' flag is invalid for this request.  For backward compatability, however, " +
        "when the 'force' flag is passed with a value evaluating to True, it is silently ignored.",
    )
  }
  const allowed = isFree || field.isTrue(asked.force) ? ['available', 'in-use'] : ['available']
  if (!allowed.includes(volume.status)) {
    throw invalidVolume(
      `Volume ${volume.id} status must be ${allowed.join(', ')}, but current status is: ${volume.status}.`,
    )
  }
  reserveGigabytes(call.context, call.projectId, volume.size, volume.volume_type_id)
  reserveSnapshots(call.context, call.projectId, 1, volume.volume_type_id)
  const snapshot = call.store.of(snapshots).insert({
    id: call.context.ids.uuid(),
    project_id: call.projectId,
    user_id: call.userId,
    volume_id: volume.id,
    name: stripped('name', asked.name ?? asked.display_name),
    description: stripped('description', asked.description),
    size: volume.size,
    status: 'creating',
    progress: '0%',
    metadata: asked.metadata ?? {},
    created_at: call.now,
    updated_at: null,
  })
  call.context.lifecycle.start(createSnapshot, snapshot.id)
  return accepted({ snapshot: { ...detail(call, snapshot), created_at: isoMicros(snapshot.created_at) } })
}

const updateBody = field.envelope({
  snapshot: z.strictObject({
    name: field.shortText,
    description: field.shortText,
    display_name: field.shortText,
    display_description: field.shortText,
  }),
})

const update = (call: Call) => {
  const { snapshot: asked } = call.json(updateBody)
  if (Object.keys(asked).length === 0) {
    throw badRequest(
      'Invalid input for field/attribute snapshot. Value: {}. {} is not valid under any of the given schemas',
    )
  }
  const name = asked.name === undefined ? asked.display_name : asked.name
  const description = asked.description === undefined ? asked.display_description : asked.description
  const snapshot = call.store.of(snapshots).update(snapshotOf(call).id, {
    ...(name === undefined ? {} : { name: stripped('name', name) }),
    ...(description === undefined ? {} : { description: stripped('description', description) }),
    updated_at: call.now,
  })
  return ok({ snapshot: detail(call, snapshot) })
}

const startDeletion = (call: Call, snapshot: SnapshotRecord) => {
  call.context.lifecycle.cancel(snapshots, snapshot.id)
  call.store.of(snapshots).update(snapshot.id, { status: 'deleting', updated_at: call.now })
  call.context.lifecycle.start(deleteSnapshot, snapshot.id)
}

const remove = (call: Call) => {
  const snapshot = snapshotOf(call)
  if (!['available', 'error'].includes(snapshot.status) || snapshot.group_snapshot_id) {
    throw invalidSnapshot('Snapshot status must be available or error and must not be part of a group.')
  }
  startDeletion(call, snapshot)
  return acceptedAsHtml()
}

const forceDelete = (call: Call) => {
  const snapshot = snapshotOf(call)
  call.requireAdmin('volume_extension:snapshot_admin_actions:force_delete')
  if (snapshot.group_snapshot_id) throw invalidSnapshot('Snapshot  must not be part of a group.')
  startDeletion(call, snapshot)
  return accepted(undefined, { 'content-type': 'application/json' })
}

const resetStatus = (call: Call) => {
  const { 'os-reset_status': asked } = call.json(
    field.envelope({ 'os-reset_status': z.strictObject({ status: field.required(field.text(1, 255)) }) }),
  )
  const snapshot = snapshotOf(call)
  call.requireAdmin('volume_extension:snapshot_admin_actions:reset_status')
  call.context.lifecycle.cancel(snapshots, snapshot.id)
  call.store.of(snapshots).update(snapshot.id, { status: asked.status.toLowerCase(), updated_at: call.now })
  return accepted(undefined, { 'content-type': 'application/json' })
}

/** Who makes snapshots without Cinder says how far it has come; a status follows from some others only. */
const nextStatuses: Readonly<Record<string, readonly string[]>> = {
  creating: ['creating', 'available', 'error'],
  deleting: ['deleting', 'error_deleting'],
}

const updateStatus = (call: Call) => {
  const { 'os-update_snapshot_status': asked } = call.json(
    field.envelope({
      'os-update_snapshot_status': z.looseObject({ status: z.string(), progress: z.string().nullish() }),
    }),
  )
  const snapshot = snapshotOf(call)
  const next = nextStatuses[snapshot.status]
  if (!next) throw badRequest(`Snapshot status ${snapshot.status} not allowed for update_snapshot_status`)
  if (!next.includes(asked.status)) {
    throw badRequest(
      `Provided snapshot status ${asked.status} not allowed for snapshot with status ${snapshot.status}.`,
    )
  }
  call.context.lifecycle.cancel(snapshots, snapshot.id)
  call.store.of(snapshots).update(snapshot.id, {
    status: asked.status,
    ...(asked.progress ? { progress: asked.progress } : {}),
    updated_at: call.now,
  })
  return acceptedAsHtml()
}

const sortKeys: Readonly<Record<string, (snapshot: SnapshotRecord) => unknown>> = {
  id: (s) => s.id,
  name: (s) => s.name,
  display_name: (s) => s.name,
  volume_id: (s) => s.volume_id,
  volume_size: (s) => s.size,
  status: (s) => s.status,
  created_at: (s) => s.created_at,
  updated_at: (s) => s.updated_at,
}

type SnapshotFilters = Readonly<Record<string, (snapshot: SnapshotRecord, value: string) => boolean>>

const filters = (call: Call): SnapshotFilters => {
  const isGeneral = call.microversion.atLeast('3.31')
  const ofUsers: SnapshotFilters = {
    name: (s, value) => s.name?.toLowerCase() === value.toLowerCase(),
    status: (s, value) => s.status.toLowerCase() === value.toLowerCase(),
    volume_id: (s, value) => s.volume_id === value,
    metadata: (s, value) => {
      if (!call.microversion.atLeast('3.22')) return true
      const wanted = dictionaryOf(value)
      return wanted !== undefined && Object.entries(wanted).every(([key, one]) => s.metadata[key] === one)
    },
  }
  const more: SnapshotFilters = {
    availability_zone: (s, value) => call.store.of(volumes).get(s.volume_id)?.availability_zone === value,
    consumes_quota: (_, value) => field.isTrue(value.toLowerCase()),
  }
  return isGeneral ? { ...ofUsers, ...more } : ofUsers
}

const adminFilters = (call: Call): SnapshotFilters => ({
  id: (s, value) => s.id === value,
  availability_zone: (s, value) => call.store.of(volumes).get(s.volume_id)?.availability_zone === value,
  display_name: (s, value) => s.name?.toLowerCase() === value.toLowerCase(),
  display_description: (s, value) => s.description?.toLowerCase() === value.toLowerCase(),
  user_id: (s, value) => s.user_id === value,
  project_id: (s, value) => s.project_id === value,
  volume_size: (s, value) => String(s.size) === value,
})

const listWith = (linkPath: string, view: (call: Call, snapshot: SnapshotRecord) => unknown) => (call: Call) => {
  const everybody = call.isAdmin && field.isTrue((call.query.get('all_tenants') ?? '').toLowerCase())
  if (call.microversion.atLeast('3.31')) booleanOf(call, 'consumes_quota', 'use_quota')
  return ok(
    listOf(
      call,
      call.store.of(snapshots),
      {
        project: everybody ? undefined : call.projectId,
        volume: call.query.get('volume_id') ?? undefined,
        name: call.query.get('name')?.toLowerCase(),
      },
      {
        collection: 'snapshots',
        linksKey: 'snapshots_links',
        linkPath,
        unknownMarker: (marker) => `Snapshot ${marker} could not be found.`,
        sortKeys,
        filters: filters(call),
        adminFilters: adminFilters(call),
        unmodelled: unmodelledSnapshotColumns,
        allTenants: 'any',
        strictFrom: '3.31',
      },
      (snapshot) => view(call, snapshot),
    ),
  )
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-snapshots-snapshots */
export const snapshotRoutes: readonly Route[] = [
  { method: 'POST', path: '/snapshots', operation: 'snapshots.create', handle: create },
  { method: 'GET', path: '/snapshots', operation: 'snapshots.list', handle: listWith('snapshots', summary) },
  {
    method: 'GET',
    path: '/snapshots/detail',
    operation: 'snapshots.detail',
    handle: listWith('snapshots/detail', shown),
  },
  {
    method: 'GET',
    path: '/snapshots/:id',
    operation: 'snapshots.show',
    handle: (call) => ok({ snapshot: shown(call, snapshotOf(call)) }),
  },
  { method: 'PUT', path: '/snapshots/:id', operation: 'snapshots.update', handle: update },
  { method: 'DELETE', path: '/snapshots/:id', operation: 'snapshots.delete', handle: remove },
  {
    method: 'POST',
    path: '/snapshots/:id/action',
    operation: 'snapshots.action',
    handle: noSuchAction,
    actions: {
      'os-reset_status': { operation: 'snapshots.reset-status', handle: resetStatus },
      'os-update_snapshot_status': { operation: 'snapshots.update-status', handle: updateStatus },
      'os-force_delete': { operation: 'snapshots.force-delete', handle: forceDelete },
    },
  },
]
