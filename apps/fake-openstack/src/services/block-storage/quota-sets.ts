import * as z from 'zod'
import { forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { booleanOf } from './list-query.ts'
import {
  quotaDefaults,
  typeQuotas,
  usedGigabytes,
  usedGroups,
  usedOfType,
  usedSnapshots,
  usedVolumes,
} from './quota-check.ts'
import { volumeTypes } from './records.ts'

/** Limits by resource, in Cinder's order: the type's own follow the backups, without a limit. */
export const withTypes = (call: Call, limits: Readonly<Record<string, number>>): Record<string, number> => {
  const { groups, ...own } = limits
  const perType = call.store
    .of(volumeTypes)
    .all()
    .flatMap(({ name }) => typeQuotas.map((quota) => `${quota}_${name}`))
    .map((key) => [key, limits[key] ?? -1])
  const shared = Object.entries(own).filter(([key]) => key in quotaDefaults)
  return { ...Object.fromEntries(shared), ...Object.fromEntries(perType), groups: groups ?? quotaDefaults.groups }
}

const used = (call: Call, projectId: string): Record<string, number> => {
  const inUse: Record<string, number> = {
    volumes: usedVolumes(call.context, projectId),
    gigabytes: usedGigabytes(call.context, projectId),
    snapshots: usedSnapshots(call.context, projectId),
    groups: usedGroups(call.context, projectId),
  }
  for (const { id, name } of call.store.of(volumeTypes).all()) {
    const ofType = usedOfType(call.context, projectId, id)
    for (const quota of typeQuotas) inUse[`${quota}_${name}`] = ofType[quota]
  }
  return inUse
}

/** Projects see their own limits only. */
const checkProject = (call: Call): string => {
  const id = call.param('target')
  if (id !== call.projectId && !call.isAdmin) {
    throw forbidden("Policy doesn't allow volume_extension:quotas:show to be performed.")
  }
  return id
}

const show = (call: Call) => {
  const id = checkProject(call)
  const limits = withTypes(call, call.context.quotas.limits('block-storage', id))
  if (!booleanOf(call, 'usage')) return ok({ quota_set: { ...limits, id } })
  const inUse = used(call, id)
  const withUsage = Object.fromEntries(
    Object.entries(limits).map(([key, limit]) => [key, { limit, in_use: inUse[key] ?? 0, reserved: 0 }]),
  )
  return ok({ quota_set: { ...withUsage, id } })
}

const showDefaults = (call: Call) => {
  const id = checkProject(call)
  return ok({ quota_set: { ...withTypes(call, call.context.quotas.defaults('block-storage')), id } })
}

const updateBody = z.object({ quota_set: z.record(z.string(), z.union([z.number(), z.string()])) })

const update = (call: Call) => {
  const { quota_set } = call.json(updateBody)
  const known = withTypes(call, quotaDefaults)
  const limits = Object.fromEntries(
    Object.entries(quota_set)
      .filter(([key]) => key in known)
      .map(([key, value]) => [key, Number(value)]),
  )
  call.context.quotas.set('block-storage', call.param('target'), limits)
  return ok({ quota_set: withTypes(call, call.context.quotas.limits('block-storage', call.param('target'))) })
}

const remove = (call: Call) => {
  call.context.quotas.clear('block-storage', call.param('target'))
  return ok(undefined, { 'content-type': 'application/json' })
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#quota-sets-extension-os-quota-sets */
export const quotaSetRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-quota-sets/:target', operation: 'quota-sets.show', handle: show },
  { method: 'GET', path: '/os-quota-sets/:target/defaults', operation: 'quota-sets.defaults', handle: showDefaults },
  {
    method: 'PUT',
    path: '/os-quota-sets/:target',
    operation: 'quota-sets.update',
    access: { admin: 'volume_extension:quotas:update' },
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/os-quota-sets/:target',
    operation: 'quota-sets.delete',
    access: { admin: 'volume_extension:quotas:delete' },
    handle: remove,
  },
]
