import { ApiError } from '../../kernel/api-error.ts'
import { type TokenRecord, tokens, validToken } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicrosZ } from '../../kernel/time-format.ts'
import { authSchema } from './auth-request.ts'
import { authenticate, domainReference, type Proof } from './authentication.ts'
import { catalogFor } from './catalog.ts'
import { roleReference } from './documents.ts'
import { roles, users } from './records.ts'
import { type Scope, scopeOf } from './scope.ts'

const create = (call: Call) => {
  const { auth } = call.json(authSchema)
  const proof = authenticate(call, auth.identity)
  const token = issueToken(call, proof, scopeOf(call, proof, auth.scope))
  return {
    status: 201,
    headers: { 'x-subject-token': token.id, vary: 'X-Auth-Token' },
    body: { token: tokenBody(call, token, !call.query.has('nocatalog')) },
  }
}

/** Makes the token of a proof for a scope. */
export const issueToken = (call: Call, proof: Proof, scope: Scope): TokenRecord => {
  const { context, now } = call
  dropExpired(call)
  const issuedAt = Math.floor(now / 1000) * 1000
  const ends = issuedAt + context.settings.tokenLifetimeMs
  return context.store.of(tokens).insert({
    id: `gAAAAA${context.ids.secret(178)}`,
    ...userOf(call, proof, scope),
    ...scope,
    methods: proof.methods,
    auditIds: [context.ids.secret(22), ...proof.parentAuditIds],
    issuedAt,
    expiresAt: Math.min(ends, proof.expiresAtMost ?? ends),
    applicationCredential: proof.applicationCredential,
    isRevoked: false,
  })
}

/** The user of a token: the trustor where a trust lets the trustee act as him. */
const userOf = (
  call: Call,
  proof: Proof,
  { trust }: Scope,
): Pick<TokenRecord, 'userId' | 'userName' | 'userDomain'> => {
  const trustor = trust?.impersonation ? call.store.of(users).get(trust.trustorId) : undefined
  const user = trustor ?? proof.user
  const userDomain = trustor ? domainReference(call, trustor.domain_id) : proof.userDomain
  return { userId: user.id, userName: user.name, userDomain }
}

/** Tokens are in order of issue, so the expired ones are in front. Keeps memory bounded over many logins. */
const dropExpired = (call: Call): void => {
  const all = call.store.of(tokens)
  for (let oldest = all.first(); oldest && oldest.expiresAt <= call.now; oldest = all.first()) all.delete(oldest.id)
}

/** Tokens of trusts show their roles whole. */
const wholeRoles = (call: Call, token: TokenRecord) =>
  token.roles.flatMap(({ id }) => {
    const role = call.store.of(roles).get(id)
    return role ? [roleReference(role)] : []
  })

/** The `token` document; without scope it has neither project nor roles nor catalog. */
export const tokenBody = (call: Call, token: TokenRecord, withCatalog: boolean) => ({
  methods: token.methods,
  user: { domain: token.userDomain, id: token.userId, name: token.userName, password_expires_at: null },
  audit_ids: token.auditIds,
  expires_at: isoMicrosZ(token.expiresAt),
  issued_at: isoMicrosZ(token.issuedAt),
  ...(token.project
    ? {
        project: { domain: token.project.domain, id: token.project.id, name: token.project.name },
        ...(token.trust ? {} : { is_domain: false }),
      }
    : {}),
  ...(token.trust
    ? {
        'OS-TRUST:trust': {
          id: token.trust.id,
          trustor_user: { id: token.trust.trustorId },
          trustee_user: { id: token.trust.trusteeId },
          impersonation: token.trust.impersonation,
        },
      }
    : {}),
  ...(token.domain ? { domain: token.domain } : {}),
  ...(token.isSystem ? { system: { all: true } } : {}),
  ...(token.roles.length > 0 ? { roles: token.trust ? wholeRoles(call, token) : token.roles } : {}),
  ...(token.roles.length > 0 && withCatalog ? { catalog: catalogFor(call, token) } : {}),
  ...(token.applicationCredential ? { application_credential: token.applicationCredential } : {}),
})

/** The token that `X-Subject-Token` names, which callers may only look at when it is their own or they are admin. */
const subject = (call: Call): TokenRecord => {
  const id = call.request.headers.get('x-subject-token')
  if (id === null) {
    throw call.isAdmin
      ? new ApiError(404, 'No token in the request')
      : keystoneDialect.forbidden('identity:validate_token')
  }
  const token = validToken(call.store, call.context.clock, id)
  if (!token) throw new ApiError(404, 'Could not recognize Fernet token')
  if (token.userId !== call.userId && !call.isAdmin) throw keystoneDialect.forbidden('identity:validate_token')
  return token
}

const show = (call: Call) => {
  const token = subject(call)
  return ok(
    { token: tokenBody(call, token, !call.query.has('nocatalog')) },
    { 'x-subject-token': token.id, vary: 'X-Auth-Token' },
  )
}

const revoke = (call: Call) => {
  call.store.of(tokens).update(subject(call).id, { isRevoked: true })
  return noContent()
}

const catalog = (call: Call) => {
  if (call.token.roles.length === 0) {
    throw new ApiError(403, 'You are not authorized to perform the requested action.')
  }
  return ok({ catalog: catalogFor(call, call.token), links: { self: `${call.serviceUrl}/v3/auth/catalog` } })
}

export const tokenRoutes: readonly Route[] = [
  { method: 'POST', path: '/auth/tokens', operation: 'tokens.create', access: 'public', handle: create },
  { method: 'GET', path: '/auth/tokens', operation: 'tokens.show', handle: show },
  { method: 'DELETE', path: '/auth/tokens', operation: 'tokens.delete', handle: revoke },
  { method: 'GET', path: '/auth/catalog', operation: 'catalog.show', handle: catalog },
]
