import * as z from 'zod'
import { conflict, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument, userDocument } from './documents.ts'
import { applicationCredentials, assignments, nameKey, type UserRecord, users } from './records.ts'

const writable = {
  password: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  enabled: z.boolean().optional(),
  default_project_id: z.string().nullable().optional(),
}

const createSchema = z.object({
  user: z.object({ name: z.string().min(1).max(255), domain_id: z.string().optional(), ...writable }),
})

const updateSchema = z.object({ user: z.object({ name: z.string().min(1).max(255).optional(), ...writable }) })

const find = (call: Call): UserRecord => {
  const id = call.param('user_id')
  const user = call.store.of(users).get(id)
  if (!user) throw notFound(`Could not find user: ${id}.`)
  return user
}

const list = (call: Call) => {
  const name = call.query.get('name')?.toLowerCase()
  const domainId = call.query.get('domain_id')
  const shown = call.store
    .of(users)
    .all()
    .filter(
      (user) =>
        (name === undefined || user.name.toLowerCase() === name) && (domainId === null || user.domain_id === domainId),
    )
  const documents = shown.map((user) => userDocument(call, user))
  return ok(listDocument(call, 'users', documents))
}

const show = (call: Call) => {
  if (call.param('user_id') !== call.userId) call.requireAdmin('identity:get_user')
  return ok({ user: userDocument(call, find(call)) })
}

const create = (call: Call) => {
  const { user: params } = call.json(createSchema)
  const domain_id = params.domain_id ?? 'default'
  const all = call.store.of(users)
  if (all.find({ name: nameKey(domain_id, params.name) })) {
    throw conflict(
      `Conflict occurred attempting to store user - Duplicate entry found with name ${params.name} at domain ID ${domain_id}.`,
    )
  }
  const user = all.insert({
    id: call.context.ids.hex(),
    name: params.name,
    domain_id,
    password: params.password ?? '',
    description: params.description ?? null,
    email: params.email ?? null,
    enabled: params.enabled ?? true,
    default_project_id: params.default_project_id ?? null,
  })
  return created({ user: userDocument(call, user) })
}

const update = (call: Call) => {
  const { id } = find(call)
  const { user: params } = call.json(updateSchema)
  const user = call.store.of(users).update(id, (before) => ({
    name: params.name ?? before.name,
    password: params.password ?? before.password,
    description: params.description === undefined ? before.description : params.description,
    email: params.email === undefined ? before.email : params.email,
    enabled: params.enabled ?? before.enabled,
    default_project_id: params.default_project_id === undefined ? before.default_project_id : params.default_project_id,
  }))
  // A new password or a disabled account ends what was logged in before.
  if (params.password !== undefined || params.enabled === false) endTokens(call, id)
  return ok({ user: userDocument(call, user) })
}

const endTokens = (call: Call, userId: string): void => {
  const all = call.store.of(tokens)
  for (const token of all.where({ user: userId })) all.delete(token.id)
}

const remove = (call: Call) => {
  const { id } = find(call)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ user: id })) granted.delete(assignment.id)
  const credentials = call.store.of(applicationCredentials)
  for (const credential of credentials.where({ user: id })) credentials.delete(credential.id)
  endTokens(call, id)
  call.store.of(users).delete(id)
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
