import * as z from 'zod'
import { badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { accessRuleIdOf, accessRuleReference, accessRuleSchema } from './access-rules.ts'
import { listDocument, roleReference } from './documents.ts'
import { filtered } from './filters.ts'
import { type ApplicationCredentialRecord, accessRules, applicationCredentials, roles } from './records.ts'
import { rolesOf } from './scope.ts'

const comply =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

const createSchema = z.object({
  application_credential: z.object({
    name: z.string().min(1).max(255),
    description: z.string().nullable().optional(),
    secret: z.string().nullable().optional(),
    expires_at: z.string().nullable().optional(),
    unrestricted: z.boolean().nullable().optional(),
    roles: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })).optional(),
    access_rules: z.array(accessRuleSchema).optional(),
  }),
})

const document = (call: Call, credential: ApplicationCredentialRecord, secret?: string) => ({
  id: credential.id,
  name: credential.name,
  description: credential.description,
  user_id: credential.user_id,
  project_id: credential.project_id,
  system: null,
  expires_at: credential.expires_at === null ? null : isoMicros(credential.expires_at),
  unrestricted: credential.unrestricted,
  roles: credential.role_ids.flatMap((id) => {
    const role = call.store.of(roles).get(id)
    return role ? [roleReference(role)] : []
  }),
  ...(credential.access_rule_ids
    ? {
        access_rules: credential.access_rule_ids.flatMap((id) => {
          const rule = call.store.of(accessRules).get(id)
          return rule ? [accessRuleReference(rule)] : []
        }),
      }
    : {}),
  ...(secret === undefined ? {} : { secret }),
  links: { self: `${call.serviceUrl}/v3/application_credentials/${credential.id}` },
})

/** Users manage their own; a token made of a restricted credential manages none. */
const requireOwner = (call: Call, policy: string, changes: boolean): void => {
  if (call.param('user_id') !== call.userId) call.requireAdmin(`identity:${policy}`)
  if (changes && call.token.applicationCredential?.restricted) {
    throw forbidden(
      "You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing additional application credentials..",
    )
  }
}

const find = (call: Call): ApplicationCredentialRecord => {
  const id = call.param('credential_id')
  const credential = call.store.of(applicationCredentials).get(id)
  if (!credential || credential.user_id !== call.param('user_id')) {
    throw notFound(`Could not find Application Credential: ${id}.`)
  }
  return credential
}

const list = (call: Call) => {
  requireOwner(call, 'list_application_credentials', false)
  const found = call.store.of(applicationCredentials).where({ user: call.param('user_id') })
  const documents = found.map((credential) => document(call, credential))
  return ok(listDocument(call, 'application_credentials', filtered(call, documents, { name: 'text' })))
}

const show = (call: Call) => {
  requireOwner(call, 'get_application_credential', false)
  return ok({ application_credential: document(call, find(call)) })
}

const create = (call: Call) => {
  // Nobody makes credentials of others, administrators neither.
  if (call.param('user_id') !== call.userId) throw keystoneDialect.forbidden('identity:create_application_credential')
  requireOwner(call, 'create_application_credential', true)
  const { application_credential: params } = call.json(createSchema)
  const { token } = call
  if (!token.project) throw badRequest(`An application credential needs a project. ${comply}`)
  const all = call.store.of(applicationCredentials)
  if (all.find({ name: `${call.userId}/${params.name}` })) {
    throw conflict(
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${params.name}.`,
    )
  }
  const secret = params.secret ?? call.context.ids.secret(86)
  const credential = all.insert({
    id: call.context.ids.hex(),
    name: params.name,
    description: params.description ?? null,
    user_id: call.userId,
    project_id: token.project.id,
    secret,
    unrestricted: params.unrestricted ?? null,
    expires_at: expiry(call, params.expires_at ?? null),
    role_ids: params.roles ? roleIds(call, params.roles) : token.roles.map((role) => role.id),
    ...(params.access_rules?.length
      ? { access_rule_ids: params.access_rules.map((rule) => accessRuleIdOf(call, rule)) }
      : {}),
  })
  return created({ application_credential: document(call, credential, secret) })
}

const expiry = (call: Call, text: string | null): number | null => {
  if (text === null) return null
  const moment = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(moment)) {
    throw badRequest(`The 'expires_at' must be in the format of an ISO 8601 date time. ${comply}`)
  }
  if (moment < call.now) throw badRequest(`The 'expires_at' must not be before now. ${comply}`)
  const micros = /\.\d{3}(\d{3})/.exec(text)?.[1] ?? '0'
  return moment + Number(micros) / 1000
}

const roleIds = (call: Call, references: readonly { id?: string | undefined; name?: string | undefined }[]): string[] =>
  references.map(({ id, name }) => {
    const all = call.store.of(roles)
    const role = id === undefined ? all.find({ name: (name ?? '').toLowerCase() }) : all.get(id)
    if (!role) throw notFound(`Role ${id ?? name} is not defined`)
    if (!rolesOf(call, call.userId, call.projectId).some((own) => own.id === role.id)) {
      throw badRequest('Invalid application credential: Cannot create an application credential with unassigned role')
    }
    return role.id
  })

/** Tokens made of the credential end with it. */
const remove = (call: Call) => {
  requireOwner(call, 'delete_application_credential', true)
  const { id } = find(call)
  call.store.of(applicationCredentials).delete(id)
  const issued = call.store.of(tokens)
  for (const token of issued.where({ applicationCredential: id })) issued.delete(token.id)
  return noContent()
}

const collection = '/users/:user_id/application_credentials'

/** https://docs.openstack.org/api-ref/identity/v3/#application-credentials */
export const applicationCredentialRoutes: readonly Route[] = [
  { method: 'GET', path: collection, operation: 'application-credentials.list', handle: list },
  { method: 'POST', path: collection, operation: 'application-credentials.create', handle: create },
  {
    method: 'GET',
    path: `${collection}/:credential_id`,
    operation: 'application-credentials.show',
    handle: show,
  },
  {
    method: 'DELETE',
    path: `${collection}/:credential_id`,
    operation: 'application-credentials.delete',
    handle: remove,
  },
]
