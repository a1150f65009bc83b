import * as z from 'zod'
import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { projects } from '../identity/records.ts'
import { integer } from './field-schemas.ts'
import { quotaDefaults, quotaNames, usageOf } from './quota-usage.ts'

const namesFor = (call: Call): string[] => quotaNames((version) => call.microversion.atLeast(version))

/** The project of the path; members may look at their own only. */
const projectOf = (call: Call, rule: string): string => {
  const id = call.param('quota_project_id')
  if (id !== call.projectId && !call.isAdmin) throw novaDialect.forbidden(`os_compute_api:os-quota-sets:${rule}`)
  if (!call.store.of(projects).has(id)) throw badRequest(`Project ID ${id} is not a valid project.`)
  return id
}

const pick = (call: Call, from: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(namesFor(call).map((name) => [name, from[name]]))

const show = (call: Call) => {
  const id = projectOf(call, 'show')
  return ok({ quota_set: { id, ...pick(call, call.context.quotas.limits('compute', id)) } })
}

const detail = (call: Call) => {
  const id = projectOf(call, 'detail')
  const used = usageOf(call.context, id)
  const limits = call.context.quotas.limits('compute', id)
  const sets = namesFor(call).map((name) => [name, { limit: limits[name], in_use: used[name] ?? 0, reserved: 0 }])
  return ok({ quota_set: { id, ...Object.fromEntries(sets) } })
}

const defaults = (call: Call) => ok({ quota_set: { id: call.param('quota_project_id'), ...pick(call, quotaDefaults) } })

const number = integer(-1, 0x7fffffff, '^-?[0-9]+$').optional()

const updateSchema = z.strictObject({
  quota_set: z.strictObject({
    ...Object.fromEntries(Object.keys(quotaDefaults).map((name) => [name, number])),
    force: z.unknown().optional(),
    tenant_id: z.string().optional(),
  }),
})

const update = (call: Call) => {
  const id = projectOf(call, 'update')
  const { quota_set: wanted } = call.json(updateSchema)
  const limits: Record<string, number> = {}
  for (const [name, value] of Object.entries(wanted)) if (typeof value === 'number') limits[name] = value
  call.context.quotas.set('compute', id, limits)
  return ok({ quota_set: pick(call, call.context.quotas.limits('compute', id)) })
}

const remove = (call: Call) => {
  call.context.quotas.clear('compute', projectOf(call, 'delete'))
  return accepted()
}

const admin = (rule: string) => ({ admin: `os_compute_api:os-quota-sets:${rule}` })
const path = '/os-quota-sets/:quota_project_id'

/** https://docs.openstack.org/api-ref/compute/#quota-sets-os-quota-sets */
export const quotaSetRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'quota-sets.show', handle: show },
  { method: 'GET', path: `${path}/detail`, operation: 'quota-sets.show-detail', handle: detail },
  { method: 'GET', path: `${path}/defaults`, operation: 'quota-sets.show-defaults', handle: defaults },
  { method: 'PUT', path, operation: 'quota-sets.update', access: admin('update'), handle: update },
  { method: 'DELETE', path, operation: 'quota-sets.delete', access: admin('delete'), handle: remove },
]
