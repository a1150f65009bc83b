import * as z from 'zod'
import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type DirectoryKind, directoryRoutes, find, inQueriedDomain, listed, refuseDuplicate } from './directory.ts'
import { userDocument } from './documents.ts'
import { applicationCredentials, assignments, domains, memberships, type UserRecord, users } from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { type Body, checkDomain, checkId, readBody } from './schemas.ts'

/** Users as paths and responses have them. */
export const userKind: DirectoryKind<UserRecord, 'name' | 'domain'> = {
  name: 'user',
  collection: users,
  document: userDocument,
  fields: { name: 'text', domain_id: 'text', enabled: 'flag' },
}

const refuseDomainAsProject = (call: Call, body: Body): void => {
  const id = body.textOrNull('default_project_id')
  if (id && call.store.of(domains).has(id)) throw badRequest(`User's default project ID cannot be a domain ID: ${id}`)
}

const create = (call: Call): UserRecord => {
  const body = readBody(call, 'user', 'create')
  const domain_id = body.text('domain_id') ?? 'default'
  if (!call.store.of(domains).has(domain_id)) throw notFound(`Could not find domain: ${domain_id}.`)
  refuseDomainAsProject(call, body)
  const name = (body.text('name') ?? '').trim()
  refuseDuplicate(call, userKind, domain_id, name)
  const { email, ...extra } = body.extra
  return call.store.of(users).insert({
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
}

const update = (call: Call): UserRecord => {
  const before = find(call, userKind)
  const body = readBody(call, 'user', 'update')
  checkId(body, before.id)
  checkDomain(body, before)
  refuseDomainAsProject(call, body)
  const name = (body.text('name') ?? before.name).trim()
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, userKind, before.domain_id, name)
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
  return user
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

const passwords = z.strictObject({ password: z.string(), original_password: z.string() })

const changePassword = (call: Call) => {
  const asked = call.json(z.strictObject({ user: passwords })).user
  const user = call.store.of(users).get(call.param('user_id'))
  if (!user?.enabled || user.password !== asked.original_password) {
    throw new ApiError(401, 'The request you have made requires authentication.')
  }
  call.store.of(users).update(user.id, { password: asked.password })
  endTokens(call, user.id)
  return noContent()
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

/** https://docs.openstack.org/api-ref/identity/v3/#users */
export const userRoutes: readonly Route[] = [
  ...directoryRoutes(userKind, {
    list: (call) => listed(call, userKind, inQueriedDomain(call, userKind)),
    create,
    update,
    documentOfUpdate: (call, user) => ({ ...userDocument(call, user), extra: withoutColumns(user) }),
    remove: (call) => removeUser(call, find(call, userKind).id),
    authorizeShow: (call) => {
      if (call.param('user_id') !== call.userId) call.requireAdmin('identity:get_user')
    },
  }),
  // A user who knows the present password may change it without a token.
  {
    method: 'POST',
    path: '/users/:user_id/password',
    operation: 'users.change-password',
    access: 'public',
    handle: changePassword,
  },
]
