import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { groupDocument, listDocument, userDocument } from './documents.ts'
import { filtered, queried } from './filters.ts'
import {
  assignments,
  domains,
  type GroupRecord,
  groups,
  memberships,
  nameKey,
  type UserRecord,
  users,
} from './records.ts'
import { checkDomain, checkId, readBody } from './schemas.ts'

const find = (call: Call): GroupRecord => {
  const id = call.param('group_id')
  const group = call.store.of(groups).get(id)
  if (!group) throw notFound(`Could not find group: ${id}.`)
  return group
}

const findUser = (call: Call): UserRecord => {
  const id = call.param('user_id')
  const user = call.store.of(users).get(id)
  if (!user) throw notFound(`Could not find user: ${id}.`)
  return user
}

/** Ids of the groups of a user. */
export const groupIdsOf = (call: Call, userId: string): readonly string[] =>
  call.store
    .of(memberships)
    .where({ user: userId })
    .map((membership) => membership.group_id)

const list = (call: Call) => {
  const found = call.store.of(groups).where({ domain: queried(call, 'domain_id') })
  const documents = found.map((group) => groupDocument(call, group))
  return ok(listDocument(call, 'groups', filtered(call, documents, { name: 'text', domain_id: 'text' })))
}

/** The column is shorter than the schema says. */
const checkName = (name: string): void => {
  if ([...name].length <= 64) return
  throw badRequest(`String length exceeded. The length of string '${name}' exceeds the limit of column name(CHAR(64)).`)
}

const refuseDuplicate = (call: Call, domainId: string, name: string): void => {
  if (!call.store.of(groups).find({ name: nameKey(domainId, name) })) return
  throw conflict(
    `Conflict occurred attempting to store group - Duplicate entry found with name ${name} at domain ID ${domainId}.`,
  )
}

const create = (call: Call) => {
  const body = readBody(call, 'group', 'create')
  const domain_id = body.text('domain_id') ?? 'default'
  if (!call.store.of(domains).has(domain_id)) throw notFound(`Could not find domain: ${domain_id}.`)
  const name = (body.text('name') ?? '').trim()
  checkName(name)
  refuseDuplicate(call, domain_id, name)
  const group = call.store.of(groups).insert({
    id: call.context.ids.hex(),
    name,
    domain_id,
    description: body.textOrNull('description') ?? '',
    extra: body.extra,
  })
  return created({ group: groupDocument(call, group) })
}

const update = (call: Call) => {
  const body = readBody(call, 'group', 'update')
  checkId(body, call.param('group_id'))
  const before = find(call)
  checkDomain(body, before)
  const name = (body.text('name') ?? before.name).trim()
  checkName(name)
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, before.domain_id, name)
  const description = body.textOrNull('description') ?? before.description
  const group = call.store
    .of(groups)
    .update(before.id, { name, description, extra: { ...before.extra, ...body.extra } })
  return ok({ group: groupDocument(call, group) })
}

const remove = (call: Call) => {
  const { id } = find(call)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ group: id })) granted.delete(assignment.id)
  const members = call.store.of(memberships)
  for (const member of members.where({ group: id })) members.delete(member.id)
  call.store.of(groups).delete(id)
  return noContent()
}

const listUsers = (call: Call) => {
  const members = call.store.of(memberships).where({ group: find(call).id })
  const found = members.flatMap((member) => call.store.of(users).get(member.user_id) ?? [])
  const documents = found.map((user) => userDocument(call, user))
  return ok(
    listDocument(call, 'users', filtered(call, documents, { name: 'text', enabled: 'flag', domain_id: 'text' })),
  )
}

const groupsOfUser = (call: Call) => {
  if (call.param('user_id') !== call.userId) call.requireAdmin('identity:list_groups_for_user')
  const user = findUser(call)
  const found = groupIdsOf(call, user.id).flatMap((id) => call.store.of(groups).get(id) ?? [])
  const documents = found.map((group) => ({ ...groupDocument(call, group), membership_expires_at: null }))
  return ok(listDocument(call, 'groups', filtered(call, documents, { name: 'text' })))
}

const membershipOf = (call: Call): string => `${find(call).id}/${findUser(call).id}`

const addUser = (call: Call) => {
  const user = findUser(call)
  const group = find(call)
  const id = `${group.id}/${user.id}`
  const all = call.store.of(memberships)
  if (!all.has(id)) all.insert({ id, group_id: group.id, user_id: user.id })
  return noContent()
}

const notInGroup = (call: Call) =>
  notFound(`User '${call.param('user_id')}' not found in group '${call.param('group_id')}'`)

const checkUser = (call: Call) => {
  if (!call.store.of(memberships).has(membershipOf(call))) throw notInGroup(call)
  return noContent()
}

const removeUser = (call: Call) => {
  if (!call.store.of(memberships).delete(membershipOf(call))) throw notInGroup(call)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const one = '/groups/:group_id'
const member = `${one}/users/:user_id`

/** https://docs.openstack.org/api-ref/identity/v3/#groups */
export const groupRoutes: readonly Route[] = [
  { method: 'GET', path: '/groups', operation: 'groups.list', access: admin('list_groups'), handle: list },
  { method: 'POST', path: '/groups', operation: 'groups.create', access: admin('create_group'), handle: create },
  {
    method: 'GET',
    path: one,
    operation: 'groups.show',
    access: admin('get_group'),
    handle: (call) => ok({ group: groupDocument(call, find(call)) }),
  },
  { method: 'PATCH', path: one, operation: 'groups.update', access: admin('update_group'), handle: update },
  { method: 'DELETE', path: one, operation: 'groups.delete', access: admin('delete_group'), handle: remove },
  {
    method: 'GET',
    path: `${one}/users`,
    operation: 'group-users.list',
    access: admin('list_users_in_group'),
    handle: listUsers,
  },
  { method: 'PUT', path: member, operation: 'group-users.create', access: admin('add_user_to_group'), handle: addUser },
  {
    method: 'GET',
    path: member,
    operation: 'group-users.show',
    access: admin('check_user_in_group'),
    handle: checkUser,
  },
  {
    method: 'DELETE',
    path: member,
    operation: 'group-users.delete',
    access: admin('remove_user_from_group'),
    handle: removeUser,
  },
  { method: 'GET', path: '/users/:user_id/groups', operation: 'user-groups.list', handle: groupsOfUser },
]
