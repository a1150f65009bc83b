import { badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { firstProblem, isObject, type JsonSchema } from '../../kernel/json-schema.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { listDocument, roleDocument } from './documents.ts'
import { projects, roles, type TrustRecord, trusts, users } from './records.ts'
import { rolesOf } from './scope.ts'
import { findTrust } from './trust-use.ts'

const id: JsonSchema = { type: 'string', minLength: 1, maxLength: 64 }

/** keystone/trust/schema.py */
const createSchema: JsonSchema = {
  type: 'object',
  properties: {
    trustor_user_id: id,
    trustee_user_id: id,
    impersonation: { type: 'boolean', enum: [true, false, null] },
    project_id: { ...id, type: ['string', 'null'], pattern: '^[a-zA-Z0-9-]+$' },
    remaining_uses: { type: ['integer', 'null'], minimum: 1 },
    expires_at: { type: ['null', 'string'] },
    allow_redelegation: { type: ['boolean', 'null'] },
    redelegation_count: { type: ['integer', 'null'], minimum: 0 },
    roles: {
      type: 'array',
      items: {
        type: 'object',
        properties: { id, name: { type: 'string', minLength: 1, maxLength: 255, pattern: '[\\S]+' } },
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
      },
    },
  },
  required: ['trustor_user_id', 'trustee_user_id', 'impersonation'],
}

/** What Keystone has a column for; it stores and shows all other fields. */
const known = new Set([...Object.keys(createSchema.properties ?? {}), 'id', 'links'])

/** What the schema has assured of a body. */
interface Asked {
  readonly trustor_user_id: string
  readonly trustee_user_id: string
  readonly impersonation: boolean
  readonly project_id?: string | null
  readonly remaining_uses?: number | null
  readonly expires_at?: string | null
  readonly allow_redelegation?: boolean | null
  readonly redelegation_count?: number | null
  readonly roles?: readonly { readonly id?: string; readonly name?: string }[]
}

/** `[trust] max_redelegation_count` */
const maxRedelegation = 3

const malformed =
  ' The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

const summary = (call: Call, trust: TrustRecord) => ({
  id: trust.id,
  trustor_user_id: trust.trustor_user_id,
  trustee_user_id: trust.trustee_user_id,
  project_id: trust.project_id,
  impersonation: trust.impersonation,
  expires_at: trust.expires_at === null ? null : `${isoMicros(trust.expires_at)}Z`,
  remaining_uses: trust.remaining_uses,
  deleted_at: null,
  redelegated_trust_id: null,
  redelegation_count: trust.redelegation_count,
  ...trust.extra,
  links: { self: `${call.serviceUrl}/v3/OS-TRUST/trusts/${trust.id}` },
})

const rolesIn = (call: Call, trust: TrustRecord) =>
  trust.role_ids.flatMap((one) => {
    const role = call.store.of(roles).get(one)
    return role ? [roleDocument(call, role)] : []
  })

/** Keystone leaves the extension out of this link. */
const rolesLinks = (call: Call, trust: TrustRecord) => ({
  self: `${call.serviceUrl}/v3/${trust.id}/roles`,
  next: null,
  previous: null,
})

const document = (call: Call, trust: TrustRecord) => ({
  ...summary(call, trust),
  roles: rolesIn(call, trust),
  roles_links: rolesLinks(call, trust),
})

const usableTrust = (call: Call, trustId: string): TrustRecord => {
  const trust = findTrust(call, trustId)
  if (!trust) throw notFound(`Could not find trust: ${trustId}.`)
  return trust
}

/** Tokens of other credentials than a user's own manage no trusts. */
const refuseDelegated = (call: Call): void => {
  if (call.token.applicationCredential) {
    throw forbidden('You are not authorized to perform the requested action: Delegated tokens cannot manage trusts..')
  }
}

const concerns = (call: Call, trust: TrustRecord, policy: string, ...userIds: readonly string[]): TrustRecord => {
  if (!userIds.includes(call.userId)) call.requireAdmin(`identity:${policy}`)
  refuseDelegated(call)
  return trust
}

const shownTo = (call: Call, policy: string): TrustRecord => {
  const trust = usableTrust(call, call.param('trust_id'))
  return concerns(call, trust, policy, trust.trustor_user_id, trust.trustee_user_id)
}

const list = (call: Call) => {
  const [trustor, trustee] = [call.query.get('trustor_user_id'), call.query.get('trustee_user_id')]
  const policy = trustor ? 'list_trusts_for_trustor' : trustee ? 'list_trusts_for_trustee' : 'list_trusts'
  if ((trustor || trustee) !== call.userId) call.requireAdmin(`identity:${policy}`)
  refuseDelegated(call)
  // Any other query key brings an empty list.
  const isBare = call.query.names.length === 0
  const found = call.store
    .of(trusts)
    .all()
    .filter((one) => {
      if (trustor) return one.trustor_user_id === trustor
      return trustee ? one.trustee_user_id === trustee : isBare
    })
  return ok(
    listDocument(
      call,
      'trusts',
      found.map((one) => summary(call, one)),
    ),
  )
}

const roleIdsOf = (call: Call, asked: Asked): string[] =>
  (asked.roles ?? []).map(({ id: roleId, name }) => {
    const all = call.store.of(roles)
    const role = roleId === undefined ? all.find({ name: (name ?? '').toLowerCase() }) : all.get(roleId)
    if (!role) throw notFound(roleId === undefined ? `Role ${name} is not defined` : `Could not find role: ${roleId}.`)
    return role.id
  })

const expiry = (call: Call, text: string | null | undefined): number | null => {
  if (text === null || text === undefined) return null
  const moment = Date.parse(text.endsWith('Z') ? text : `${text}Z`)
  if (Number.isNaN(moment)) throw badRequest(`Timestamp not in expected format.${malformed}`)
  if (moment < call.now) throw badRequest(`The 'expires_at' must not be before now.${malformed}`)
  return moment
}

const redelegationOf = (asked: Asked): number => {
  const isAllowed = asked.allow_redelegation === true && asked.redelegation_count !== 0
  if (!isAllowed) return 0
  const count = asked.redelegation_count ?? maxRedelegation
  if (count > maxRedelegation) {
    throw forbidden('You are not authorized to perform the requested action.')
  }
  if (asked.remaining_uses != null) {
    throw badRequest('remaining_uses must not be set if redelegation is allowed')
  }
  return count
}

const create = (call: Call) => {
  const body = isObject(call.rawJson) ? (call.rawJson['trust'] ?? {}) : {}
  if (!isObject(body) || body['trustor_user_id'] !== call.userId)
    throw keystoneDialect.forbidden('identity:create_trust')
  const problem = firstProblem(createSchema, body)
  if (problem)
    throw keystoneDialect.invalid({ ...problem, path: ['trust', ...problem.path] }, call.context.settings.release)
  const asked = body as unknown as Asked // the schema has assured it
  refuseDelegated(call)
  if (call.token.trust) notModelled(call, 'a token of a trust')
  if (asked.project_id && !asked.roles?.length) {
    throw forbidden('You are not authorized to perform the requested action: At least one role should be specified.')
  }
  if (!call.store.of(users).has(asked.trustee_user_id)) throw notFound(`Could not find user: ${asked.trustee_user_id}.`)
  const role_ids = roleIdsOf(call, asked)
  const project_id = asked.project_id || null
  if (project_id !== null && !call.store.of(projects).has(project_id)) {
    throw notFound(`Could not find project: ${project_id}.`)
  }
  const own = project_id === null ? [] : rolesOf(call, call.userId, project_id).map((role) => role.id)
  const missing = role_ids.find((one) => !own.includes(one))
  if (missing !== undefined) throw notFound(`Could not find role: ${missing}.`)
  const expires_at = expiry(call, asked.expires_at)
  const trust: TrustRecord = {
    id: call.context.ids.hex(),
    trustor_user_id: asked.trustor_user_id,
    trustee_user_id: asked.trustee_user_id,
    project_id,
    impersonation: asked.impersonation,
    role_ids,
    expires_at,
    remaining_uses: asked.remaining_uses ?? null,
    redelegation_count: redelegationOf(asked),
    extra: Object.fromEntries(Object.entries(body).filter(([key]) => !known.has(key))),
  }
  refuseDuplicate(call, trust)
  return created({ trust: document(call, call.store.of(trusts).insert(trust)) })
}

/** The database has each pair of users once for a project and an expiry; without an expiry any number of times. */
const refuseDuplicate = (call: Call, trust: TrustRecord): void => {
  const key = (one: TrustRecord) =>
    JSON.stringify([one.trustor_user_id, one.trustee_user_id, one.project_id, one.impersonation, one.expires_at])
  const hasNull = trust.expires_at === null || trust.project_id === null
  if (
    hasNull ||
    !call.store
      .of(trusts)
      .all()
      .some((one) => key(one) === key(trust))
  )
    return
  throw conflict(`Conflict occurred attempting to store trust - Duplicate entry found with ID ${trust.id}.`)
}

const show = (call: Call) => ok({ trust: document(call, shownTo(call, 'get_trust')) })

const remove = (call: Call) => {
  const trust = usableTrust(call, call.param('trust_id'))
  concerns(call, trust, 'delete_trust', trust.trustor_user_id)
  const issued = call.store.of(tokens)
  for (const token of issued.all()) if (token.trust?.id === trust.id) issued.delete(token.id)
  call.store.of(trusts).delete(trust.id)
  return noContent()
}

const listRoles = (call: Call) => {
  const trust = shownTo(call, 'list_roles_for_trust')
  return ok({ roles: rolesIn(call, trust), links: rolesLinks(call, trust) })
}

const showRole = (call: Call) => {
  const trust = shownTo(call, 'get_role_for_trust')
  const role = call.store.of(roles).get(call.param('role_id'))
  if (!role || !trust.role_ids.includes(role.id)) throw notFound(`Could not find role: ${call.param('role_id')}.`)
  return ok({ role: roleDocument(call, role) })
}

const one = '/OS-TRUST/trusts/:trust_id'

/** https://docs.openstack.org/api-ref/identity/v3-ext/#os-trust-api */
export const trustRoutes: readonly Route[] = [
  { method: 'GET', path: '/OS-TRUST/trusts', operation: 'trusts.list', handle: list },
  { method: 'POST', path: '/OS-TRUST/trusts', operation: 'trusts.create', handle: create },
  { method: 'GET', path: one, operation: 'trusts.show', handle: show },
  { method: 'DELETE', path: one, operation: 'trusts.delete', handle: remove },
  { method: 'GET', path: `${one}/roles`, operation: 'trusts.list-roles', handle: listRoles },
  { method: 'GET', path: `${one}/roles/:role_id`, operation: 'trusts.show-role', handle: showRole },
]
