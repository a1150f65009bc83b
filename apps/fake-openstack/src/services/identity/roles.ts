import { conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import type { Route } from '../../kernel/service.ts'
import { type DirectoryKind, directoryRoutes, find, listed } from './directory.ts'
import { roleDocument } from './documents.ts'
import { checkDeletable, checkMutable } from './immutability.ts'
import { removeRulesOf } from './implied-roles.ts'
import { assignments, type RoleRecord, roleKey, roles } from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { checkId, readBody } from './schemas.ts'

const roleKind: DirectoryKind<RoleRecord, 'name'> = {
  name: 'role',
  collection: roles,
  document: roleDocument,
  fields: { name: 'text' },
}

const list = (call: Call): Reply => {
  const name = call.query.get('name')
  const domainId = call.query.get('domain_id')
  const named = call.store.of(roles).where(name === null ? {} : { name: roleKey(domainId, name) })
  return listed(
    call,
    roleKind,
    named.filter((role) => role.domain_id === domainId),
  )
}

const refuseDuplicate = (call: Call, domainId: string | null, name: string): void => {
  if (!call.store.of(roles).find({ name: roleKey(domainId, name) })) return
  const where = domainId === null ? '' : ` at domain ID ${domainId}`
  throw conflict(`Conflict occurred attempting to store role - Duplicate entry found with name ${name}${where}.`)
}

const create = (call: Call): RoleRecord => {
  const body = readBody(call, 'role', 'create', ['domain_id'])
  const name = body.text('name') ?? ''
  const domain_id = body.textOrNull('domain_id') ?? null
  refuseDuplicate(call, domain_id, name)
  return call.store.of(roles).insert({
    id: call.context.ids.hex(),
    name,
    description: body.text('description') ?? null,
    domain_id,
    options: mergedOptions({}, body),
    extra: body.extra,
  })
}

const update = (call: Call): RoleRecord => {
  const body = readBody(call, 'role', 'update', ['domain_id'])
  const before = find(call, roleKind)
  checkId(body, before.id)
  checkMutable('role', before, body)
  const name = body.text('name') ?? before.name
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, before.domain_id, name)
  return call.store.of(roles).update(before.id, {
    name,
    description: body.text('description') ?? before.description,
    options: mergedOptions(before.options, body),
    extra: { ...before.extra, ...body.extra },
  })
}

const remove = (call: Call): void => {
  const role = find(call, roleKind)
  checkDeletable('role', role)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ role: role.id })) granted.delete(assignment.id)
  removeRulesOf(call, role.id)
  call.store.of(roles).delete(role.id)
}

/** https://docs.openstack.org/api-ref/identity/v3/#roles */
export const roleRoutes: readonly Route[] = directoryRoutes(roleKind, {
  list,
  create,
  update,
  remove,
  findsFirst: ['show', 'update', 'delete'],
})
