import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { listDocument, roleDocument } from './documents.ts'
import { noAssignment, roleIdOf } from './grants.ts'
import { assignments, grantKey, groups, roles, systemId, users } from './records.ts'

type Actor = 'user' | 'group'

const actorIdOf = (call: Call, actor: Actor): string => {
  const id = call.param(`${actor}_id`)
  const isKnown = actor === 'user' ? call.store.of(users).has(id) : call.store.of(groups).has(id)
  if (!isKnown) throw notFound(`Could not find ${actor}: ${id}.`)
  return id
}

/** The stored assignment's id, and what a refusal says where there is none. */
const assignmentOf = (call: Call, actor: Actor) => {
  const roleId = roleIdOf(call)
  const actorId = actorIdOf(call, actor)
  const id = `${grantKey(actorId, systemId)}/${roleId}`
  return { id, roleId, actorId, missing: () => noAssignment(roleId, actorId, systemId) }
}

const list = (actor: Actor) => (call: Call) => {
  const grant = grantKey(actorIdOf(call, actor), systemId)
  const documents = call.store
    .of(assignments)
    .where({ grant })
    .flatMap((one) => call.store.of(roles).get(one.role_id) ?? [])
    .map((role) => roleDocument(call, role))
  return ok(listDocument(call, 'roles', documents))
}

const create = (actor: Actor) => (call: Call) => {
  const { id, roleId, actorId } = assignmentOf(call, actor)
  if (call.store.of(assignments).has(id)) return noContent()
  call.store.of(assignments).insert({
    id,
    user_id: actor === 'user' ? actorId : null,
    group_id: actor === 'group' ? actorId : null,
    project_id: null,
    domain_id: null,
    role_id: roleId,
    is_system: true,
  })
  return noContent()
}

const show = (actor: Actor) => (call: Call) => {
  const { id, missing } = assignmentOf(call, actor)
  if (!call.store.of(assignments).has(id)) throw missing()
  return noContent()
}

const remove = (actor: Actor) => (call: Call) => {
  const { id, missing } = assignmentOf(call, actor)
  if (!call.store.of(assignments).delete(id)) throw missing()
  return noContent()
}

const routesOf = (actor: Actor): Route[] => {
  const path = `/system/${actor}s/:${actor}_id/roles`
  const one = `${path}/:role_id`
  const route = (method: Method, at: string, name: string, policy: string, handle: Handler): Route => ({
    method,
    path: at,
    operation: `system-${actor}-grants.${name}`,
    access: { admin: `identity:${policy}_for_${actor}` },
    handle,
  })
  return [
    route('GET', path, 'list', 'list_system_grants', list(actor)),
    route('PUT', one, 'create', 'create_system_grant', create(actor)),
    route('GET', one, 'show', 'check_system_grant', show(actor)),
    route('DELETE', one, 'delete', 'revoke_system_grant', remove(actor)),
  ]
}

/** https://docs.openstack.org/api-ref/identity/v3/#system-role-assignments */
export const systemGrantRoutes: readonly Route[] = [...routesOf('user'), ...routesOf('group')]
