import { ApiError, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type ImpliedRoleRecord, impliedRoles, type RoleRecord, roles } from './records.ts'

/** Roles that a role implies, by themselves and through others, each with the role that implies it. */
export const impliedBy = (call: Call, roleId: string): readonly ImpliedRoleRecord[] => {
  const found: ImpliedRoleRecord[] = []
  const seen = new Set([roleId])
  for (const prior of seen) {
    for (const rule of call.store.of(impliedRoles).where({ prior })) {
      if (seen.has(rule.implied_role_id)) continue
      seen.add(rule.implied_role_id)
      found.push(rule)
    }
  }
  return found
}

/** The roles and all that they imply, each once. */
export const withImplied = (call: Call, roleIds: readonly string[]): string[] => [
  ...new Set([...roleIds, ...roleIds.flatMap((id) => impliedBy(call, id).map((rule) => rule.implied_role_id))]),
]

/** Forgets the rules of a role that is deleted. */
export const removeRulesOf = (call: Call, roleId: string): void => {
  const rules = call.store.of(impliedRoles)
  for (const rule of [...rules.where({ prior: roleId }), ...rules.where({ implied: roleId })]) rules.delete(rule.id)
}

const roleOf = (call: Call, param: 'role_id' | 'implied_role_id'): RoleRecord => {
  const role = call.store.of(roles).get(call.param(param))
  if (!role) throw notFound(`Could not find role: ${call.param(param)}.`)
  return role
}

const reference = (call: Call, { id, name }: RoleRecord) => ({
  id,
  links: { self: `${call.serviceUrl}/v3/roles/${id}` },
  name,
})

const impliesOf = (call: Call, prior: string) =>
  call.store
    .of(impliedRoles)
    .where({ prior })
    .flatMap((rule) => call.store.of(roles).get(rule.implied_role_id) ?? [])
    .map((role) => reference(call, role))

const self = (call: Call) => ({ links: { self: `${call.serviceUrl}${call.url.pathname.replace(/^.*?\/v3/, '/v3')}` } })

const list = (call: Call) => {
  const prior = roleOf(call, 'role_id')
  const role_inference = { prior_role: reference(call, prior), implies: impliesOf(call, prior.id) }
  return ok({ role_inference, ...self(call) })
}

const document = (call: Call, prior: RoleRecord, implied: RoleRecord) => ({
  role_inference: { prior_role: reference(call, prior), implies: reference(call, implied) },
  ...self(call),
})

const pairOf = (call: Call) => {
  const prior = roleOf(call, 'role_id')
  const implied = roleOf(call, 'implied_role_id')
  return { prior, implied, id: `${prior.id}/${implied.id}` }
}

const find = (call: Call) => {
  const pair = pairOf(call)
  if (!call.store.of(impliedRoles).has(pair.id)) {
    throw notFound(`${pair.prior.id} does not imply ${pair.implied.id}.`)
  }
  return pair
}

const show = (call: Call) => {
  const { prior, implied } = find(call)
  return call.request.method === 'HEAD' ? noContent() : ok(document(call, prior, implied))
}

const create = (call: Call) => {
  const { prior, implied, id } = pairOf(call)
  const rules = call.store.of(impliedRoles)
  const isOfDomainOnly = implied.domain_id !== null && prior.domain_id === null
  if (implied.name === 'admin' || isOfDomainOnly) throw new ApiError(403, `${implied.id} cannot be an implied roles.`)
  if (rules.has(id)) throw conflict('Conflict occurred attempting to store implied_role - Duplicate entry.')
  rules.insert({ id, prior_role_id: prior.id, implied_role_id: implied.id })
  return created(document(call, prior, implied))
}

const remove = (call: Call) => {
  call.store.of(impliedRoles).delete(find(call).id)
  return noContent()
}

const listRules = (call: Call) => {
  const priors = new Set(
    call.store
      .of(impliedRoles)
      .all()
      .map((rule) => rule.prior_role_id),
  )
  const role_inferences = [...priors].flatMap((id) => {
    const prior = call.store.of(roles).get(id)
    return prior ? [{ prior_role: reference(call, prior), implies: impliesOf(call, id) }] : []
  })
  return ok({ role_inferences })
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const path = '/roles/:role_id/implies'
const one = `${path}/:implied_role_id`

/** https://docs.openstack.org/api-ref/identity/v3/#roles: which role implies which others. */
export const impliedRoleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/role_inferences',
    operation: 'implied-roles.list-rules',
    access: admin('list_role_inference_rules'),
    handle: listRules,
  },
  { method: 'GET', path, operation: 'implied-roles.list', access: admin('list_implied_roles'), handle: list },
  { method: 'GET', path: one, operation: 'implied-roles.show', access: admin('get_implied_role'), handle: show },
  { method: 'PUT', path: one, operation: 'implied-roles.create', access: admin('create_implied_role'), handle: create },
  {
    method: 'DELETE',
    path: one,
    operation: 'implied-roles.delete',
    access: admin('delete_implied_role'),
    handle: remove,
  },
]
