import { ApiError, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument, roleDocument } from './documents.ts'
import { filtered } from './filters.ts'
import { checkDeletable, checkMutable } from './immutability.ts'
import { assignments, type RoleRecord, roles } from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { type Body, checkId, readBody } from './schemas.ts'

const find = (call: Call): RoleRecord => {
  const id = call.param('role_id')
  const role = call.store.of(roles).get(id)
  if (!role) throw notFound(`Could not find role: ${id}.`)
  return role
}

const list = (call: Call) => {
  const name = call.query.get('name')?.toLowerCase()
  const domainId = call.query.get('domain_id')
  const found = name === undefined ? call.store.of(roles).all() : call.store.of(roles).where({ name })
  const documents = found.filter((role) => role.domain_id === domainId).map((role) => roleDocument(call, role))
  return ok(listDocument(call, 'roles', filtered(call, documents, { name: 'text' })))
}

const refuseDuplicate = (call: Call, name: string): void => {
  if (!call.store.of(roles).find({ name: name.toLowerCase() })) return
  throw conflict(`Conflict occurred attempting to store role - Duplicate entry found with name ${name}.`)
}

/** Roles of a domain are more than the fake keeps of roles. */
const refuseDomainRole = (body: Body): void => {
  if (body.textOrNull('domain_id')) throw new ApiError(501, 'The fake does not model roles of a domain.')
}

const create = (call: Call) => {
  const body = readBody(call, 'role', 'create', ['domain_id'])
  refuseDomainRole(body)
  const name = body.text('name') ?? ''
  refuseDuplicate(call, name)
  const role = call.store.of(roles).insert({
    id: call.context.ids.hex(),
    name,
    description: body.text('description') ?? null,
    domain_id: null,
    options: mergedOptions({}, body),
    extra: body.extra,
  })
  return created({ role: roleDocument(call, role) })
}

const update = (call: Call) => {
  const body = readBody(call, 'role', 'update', ['domain_id'])
  const before = find(call)
  refuseDomainRole(body)
  checkId(body, before.id)
  checkMutable('role', before, body)
  const name = body.text('name') ?? before.name
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, name)
  const role = call.store.of(roles).update(before.id, {
    name,
    description: body.text('description') ?? before.description,
    options: mergedOptions(before.options, body),
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ role: roleDocument(call, role) })
}

const remove = (call: Call) => {
  const role = find(call)
  checkDeletable('role', role)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ role: role.id })) granted.delete(assignment.id)
  call.store.of(roles).delete(role.id)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const one = '/roles/:role_id'

/** https://docs.openstack.org/api-ref/identity/v3/#roles */
export const roleRoutes: readonly Route[] = [
  { method: 'GET', path: '/roles', operation: 'roles.list', access: admin('list_roles'), handle: list },
  { method: 'POST', path: '/roles', operation: 'roles.create', access: admin('create_role'), handle: create },
  {
    method: 'GET',
    path: one,
    operation: 'roles.show',
    access: admin('get_role'),
    beforeRole: find,
    handle: (call) => ok({ role: roleDocument(call, find(call)) }),
  },
  {
    method: 'PATCH',
    path: one,
    operation: 'roles.update',
    access: admin('update_role'),
    beforeRole: find,
    handle: update,
  },
  {
    method: 'DELETE',
    path: one,
    operation: 'roles.delete',
    access: admin('delete_role'),
    beforeRole: find,
    handle: remove,
  },
]
