import * as z from 'zod'
import { badRequest, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { integer as integerField, name } from './field-schemas.ts'
import { integer } from './query.ts'
import { type Policy, type ServerGroupRecord, type ServerRecord, serverGroups, servers } from './records.ts'

/** Servers of a group that are not deleted. */
export const membersOf = (context: CloudContext, groupId: string): ServerRecord[] =>
  context.store.of(servers).where({ group: groupId })

const view = (call: Call, group: ServerGroupRecord) => ({
  id: group.id,
  name: group.name,
  ...(call.microversion.atLeast('2.64')
    ? { policy: group.policy, rules: group.rules }
    : { policies: [group.policy], metadata: {} }),
  members: membersOf(call.context, group.id).map((server) => server.id),
  ...(call.microversion.atLeast('2.13') ? { project_id: group.project_id, user_id: group.user_id } : {}),
})

/** A group of another project is as good as none. */
const found = (call: Call): ServerGroupRecord => {
  const id = call.param('group_id')
  const group = call.store.of(serverGroups).get(id)
  if (!group || (group.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Instance group ${id} could not be found.`)
  }
  return group
}

const list = (call: Call) => {
  const isEverywhere = call.query.has('all_projects') && call.isAdmin
  const all = call.store.of(serverGroups).where(isEverywhere ? {} : { project: call.projectId })
  const offset = integer(call, 'offset') ?? 0
  const limit = Math.min(integer(call, 'limit') || 1000, 1000)
  return ok({ server_groups: all.slice(offset, offset + limit).map((group) => view(call, group)) })
}

const strict = ['anti-affinity', 'affinity'] as const
const soft = ['soft-anti-affinity', 'soft-affinity'] as const

const createSchemas = {
  '2.64': z.strictObject({
    server_group: z.strictObject({
      name,
      policy: z.enum([...strict, ...soft]),
      rules: z.strictObject({ max_server_per_host: integerField(1).optional() }).optional(),
    }),
  }),
  '2.15': z.strictObject({
    server_group: z.strictObject({
      name,
      policies: z
        .array(z.enum([...strict, ...soft]))
        .min(1)
        .max(1),
    }),
  }),
  '2.1': z.strictObject({
    server_group: z.strictObject({ name, policies: z.array(z.enum(strict)).min(1).max(1) }),
  }),
}

const asked = (call: Call): { name: string; policy: Policy; rules: Record<string, number> } => {
  if (call.microversion.atLeast('2.64')) {
    const { server_group: group } = call.json(createSchemas['2.64'])
    const limit = group.rules?.max_server_per_host
    if (group.policy !== 'anti-affinity' && group.rules && Object.keys(group.rules).length > 0) {
      throw badRequest('Only anti-affinity policy supports rules.')
    }
    return { name: group.name, policy: group.policy, rules: limit === undefined ? {} : { max_server_per_host: limit } }
  }
  const schema: z.ZodType<{ server_group: { name: string; policies: Policy[] } }> = call.microversion.atLeast('2.15')
    ? createSchemas['2.15']
    : createSchemas['2.1']
  const { server_group: group } = call.json(schema)
  return { name: group.name, policy: group.policies[0] ?? 'anti-affinity', rules: {} }
}

const create = (call: Call) => {
  const params = asked(call)
  const all = call.store.of(serverGroups)
  if (
    call.context.quotas.exceeded('compute', call.projectId, 'server_groups', all.count('project', call.projectId), 1)
  ) {
    throw forbidden('Quota exceeded, too many server groups.')
  }
  const group = all.insert({
    id: call.context.ids.uuid(),
    ...params,
    project_id: call.projectId,
    user_id: call.userId,
  })
  return ok({ server_group: view(call, group) })
}

const show = (call: Call) => ok({ server_group: view(call, found(call)) })

const remove = (call: Call) => {
  call.store.of(serverGroups).delete(found(call).id)
  return noContent()
}

/** https://docs.openstack.org/api-ref/compute/#server-groups-os-server-groups */
export const serverGroupRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-server-groups', operation: 'server-groups.list', handle: list },
  { method: 'POST', path: '/os-server-groups', operation: 'server-groups.create', handle: create },
  { method: 'GET', path: '/os-server-groups/:group_id', operation: 'server-groups.show', handle: show },
  { method: 'DELETE', path: '/os-server-groups/:group_id', operation: 'server-groups.delete', handle: remove },
]
