import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type DirectoryKind, directoryRoutes, find, inQueriedDomain, listed, refuseDuplicate } from './directory.ts'
import { groupDocument } from './documents.ts'
import { assignments, domains, type GroupRecord, groups, memberships, users } from './records.ts'
import { checkDomain, checkId, readBody } from './schemas.ts'
import { userKind } from './users.ts'

const groupKind: DirectoryKind<GroupRecord, 'name' | 'domain'> = {
  name: 'group',
  collection: groups,
  document: groupDocument,
  fields: { name: 'text', domain_id: 'text' },
}

/** A group in the list of a user's groups. */
const groupOfUserKind: DirectoryKind<GroupRecord, 'name' | 'domain'> = {
  ...groupKind,
  fields: { name: 'text' },
  document: (call, group) => ({ ...groupDocument(call, group), membership_expires_at: null }),
}

/** Ids of the groups of a user. */
export const groupIdsOf = (call: Call, userId: string): readonly string[] =>
  call.store
    .of(memberships)
    .where({ user: userId })
    .map((membership) => membership.group_id)

/** The column is shorter than the schema says. */
const checkName = (name: string): void => {
  if ([...name].length <= 64) return
  throw badRequest(`String length exceeded. The length of string '${name}' exceeds the limit of column name(CHAR(64)).`)
}

const create = (call: Call): GroupRecord => {
  const body = readBody(call, 'group', 'create')
  const domain_id = body.text('domain_id') ?? 'default'
  if (!call.store.of(domains).has(domain_id)) throw notFound(`Could not find domain: ${domain_id}.`)
  const name = (body.text('name') ?? '').trim()
  checkName(name)
  refuseDuplicate(call, groupKind, domain_id, name)
  return call.store.of(groups).insert({
    id: call.context.ids.hex(),
    name,
    domain_id,
    description: body.textOrNull('description') ?? '',
    extra: body.extra,
  })
}

const update = (call: Call): GroupRecord => {
  const body = readBody(call, 'group', 'update')
  checkId(body, call.param('group_id'))
  const before = find(call, groupKind)
  checkDomain(body, before)
  const name = (body.text('name') ?? before.name).trim()
  checkName(name)
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, groupKind, before.domain_id, name)
  const description = body.textOrNull('description') ?? before.description
  return call.store.of(groups).update(before.id, { name, description, extra: { ...before.extra, ...body.extra } })
}

const remove = (call: Call): void => {
  const { id } = find(call, groupKind)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ group: id })) granted.delete(assignment.id)
  const members = call.store.of(memberships)
  for (const member of members.where({ group: id })) members.delete(member.id)
  call.store.of(groups).delete(id)
}

const listUsers = (call: Call) => {
  const members = call.store.of(memberships).where({ group: find(call, groupKind).id })
  const found = members.flatMap((member) => call.store.of(users).get(member.user_id) ?? [])
  return listed(call, userKind, found)
}

const groupsOfUser = (call: Call) => {
  if (call.param('user_id') !== call.userId) call.requireAdmin('identity:list_groups_for_user')
  const user = find(call, userKind)
  const found = groupIdsOf(call, user.id).flatMap((id) => call.store.of(groups).get(id) ?? [])
  return listed(call, groupOfUserKind, found)
}

const membershipOf = (call: Call): string => `${find(call, groupKind).id}/${find(call, userKind).id}`

const addUser = (call: Call) => {
  const user = find(call, userKind)
  const group = find(call, groupKind)
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
  ...directoryRoutes(groupKind, {
    list: (call) => listed(call, groupKind, inQueriedDomain(call, groupKind)),
    create,
    update,
    remove,
  }),
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
