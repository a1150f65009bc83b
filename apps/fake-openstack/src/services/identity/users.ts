import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument, userDocument } from './documents.ts'
import { filtered, queried } from './filters.ts'
import {
  applicationCredentials,
  assignments,
  domains,
  memberships,
  nameKey,
  type UserRecord,
  users,
} from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { type Body, checkDomain, checkId, readBody } from './schemas.ts'

const find = (call: Call): UserRecord => {
  const id = call.param('user_id')
  const user = call.store.of(users).get(id)
  if (!user) throw notFound(`Could not find user: ${id}.`)
  return user
}

const list = (call: Call) => {
  const name = call.query.get('name')?.toLowerCase()
  const domain = queried(call, 'domain_id')
  const all = call.store.of(users)
  const found =
    name !== undefined && domain !== undefined ? all.where({ name: nameKey(domain, name) }) : all.where({ domain })
  const documents = found.map((user) => userDocument(call, user))
  const fields = { name: 'text', domain_id: 'text', enabled: 'flag' } as const
  return ok(listDocument(call, 'users', filtered(call, documents, fields)))
}

const show = (call: Call) => {
  if (call.param('user_id') !== call.userId) call.requireAdmin('identity:get_user')
  return ok({ user: userDocument(call, find(call)) })
}

const refuseDuplicate = (call: Call, domainId: string, name: string): void => {
  if (!call.store.of(users).find({ name: nameKey(domainId, name) })) return
  throw conflict(
    `Conflict occurred attempting to store user - Duplicate entry found with name ${name} at domain ID ${domainId}.`,
  )
}

const refuseDomainAsProject = (call: Call, body: Body): void => {
  const id = body.textOrNull('default_project_id')
  if (id && call.store.of(domains).has(id)) throw badRequest(`User's default project ID cannot be a domain ID: ${id}`)
}

const create = (call: Call) => {
  const body = readBody(call, 'user', 'create')
  const domain_id = body.text('domain_id') ?? 'default'
  if (!call.store.of(domains).has(domain_id)) throw notFound(`Could not find domain: ${domain_id}.`)
  refuseDomainAsProject(call, body)
  const name = (body.text('name') ?? '').trim()
  refuseDuplicate(call, domain_id, name)
  const { email, ...extra } = body.extra
  const user = call.store.of(users).insert({
    id: call.context.ids.hex(),
    name,
    domain_id,
    password: body.textOrNull('password') ?? '',
    description: body.textOrNull('description') ?? null,
    email: typeof email === 'string' ? email : null,
    enabled: body.flag('enabled') ?? true,
    default_project_id: body.textOrNull('default_project_id') ?? null,
    options: mergedOptions({}, body),
    extra,
  })
  return created({ user: userDocument(call, user) })
}

const update = (call: Call) => {
  const before = find(call)
  const body = readBody(call, 'user', 'update')
  checkId(body, before.id)
  checkDomain(body, before)
  refuseDomainAsProject(call, body)
  const name = (body.text('name') ?? before.name).trim()
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, before.domain_id, name)
  const { email, ...extra } = body.extra
  const { id } = before
  const user = call.store.of(users).update(id, {
    name,
    password: body.textOrNull('password') ?? before.password,
    description: body.has('description') ? (body.textOrNull('description') ?? null) : before.description,
    email: email === undefined ? before.email : typeof email === 'string' ? email : null,
    enabled: body.flag('enabled') ?? before.enabled,
    default_project_id: body.has('default_project_id')
      ? (body.textOrNull('default_project_id') ?? null)
      : before.default_project_id,
    options: mergedOptions(before.options, body),
    extra: { ...before.extra, ...extra },
  })
  // A new password or a disabled account ends what was logged in before.
  if (body.has('password') || body.flag('enabled') === false) endTokens(call, id)
  return ok({ user: { ...userDocument(call, user), extra: withoutColumns(user) } })
}

/** What Keystone keeps of a user beside its columns; the answer to a change shows it twice. */
const withoutColumns = ({ description, email, extra }: UserRecord): Readonly<Record<string, unknown>> => ({
  ...(description === null ? {} : { description }),
  ...(email === null ? {} : { email }),
  ...extra,
})

const endTokens = (call: Call, userId: string): void => {
  const all = call.store.of(tokens)
  for (const token of all.where({ user: userId })) all.delete(token.id)
}

/** Deletes a user with its roles, credentials, memberships and tokens. */
export const removeUser = (call: Call, id: string): void => {
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ user: id })) granted.delete(assignment.id)
  const credentials = call.store.of(applicationCredentials)
  for (const credential of credentials.where({ user: id })) credentials.delete(credential.id)
  const inGroups = call.store.of(memberships)
  for (const membership of inGroups.where({ user: id })) inGroups.delete(membership.id)
  endTokens(call, id)
  call.store.of(users).delete(id)
}

const remove = (call: Call) => {
  removeUser(call, find(call).id)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })

/** https://docs.openstack.org/api-ref/identity/v3/#users */
export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/users', operation: 'users.list', access: admin('list_users'), handle: list },
  { method: 'POST', path: '/users', operation: 'users.create', access: admin('create_user'), handle: create },
  { method: 'GET', path: '/users/:user_id', operation: 'users.show', handle: show },
  { method: 'PATCH', path: '/users/:user_id', operation: 'users.update', access: admin('update_user'), handle: update },
  {
    method: 'DELETE',
    path: '/users/:user_id',
    operation: 'users.delete',
    access: admin('delete_user'),
    handle: remove,
  },
]
