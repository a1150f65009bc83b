import { ApiError } from '../../kernel/api-error.ts'
import { validToken } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind } from '../../kernel/dialects/keystone.ts'
import type { AuthRequest } from './auth-request.ts'
import {
  type ApplicationCredentialRecord,
  applicationCredentials,
  domains,
  nameKey,
  type UserRecord,
  users,
} from './records.ts'
import { rulesOf } from './release-rules.ts'

/** The authenticated user, and what the credentials allow. */
export interface Proof {
  user: UserRecord
  userDomain: { id: string; name: string }
  methods: readonly string[]
  parentAuditIds: readonly string[]
  /** Epoch milliseconds; a token made of another proof never outlives it. */
  expiresAtMost: number | undefined
  applicationCredential: { id: string; name: string; restricted: boolean } | null
  credential: ApplicationCredentialRecord | undefined
}

const unauthorized = (): ApiError => new ApiError(401, 'The request you have made requires authentication.')

const unsupportedMethod = (call: Call): ApiError =>
  refusal(call, 'Attempted to authenticate with an unsupported method.', {
    methods: rulesOf(call).loginMethods,
  })

/** A 401 that says why, and what Keystone would have liked. */
export const refusal = (call: Call, message: string, identity: object): ApiError =>
  new ApiError(401, message, {
    headers: { 'www-authenticate': `Keystone uri="${call.serviceUrl}/v3"` },
    body: { error: { code: 401, message, title: 'Unauthorized', identity } },
  })

const known = ['password', 'token', 'application_credential'] as const

/** Checks every method that the request names; all failures look alike, as Keystone does not tell who exists. */
export const authenticate = (call: Call, identity: AuthRequest['identity']): Proof => {
  const proofs = identity.methods.map((method) => {
    if (!known.some((one) => one === method)) throw unsupportedMethod(call)
    if (method === 'password') return byPassword(call, identity.password)
    if (method === 'token') return byToken(call, identity.token)
    return byApplicationCredential(call, identity.application_credential)
  })
  const [first] = proofs
  if (!first || proofs.some((proof) => proof.user.id !== first.user.id)) throw unauthorized()
  return { ...first, methods: [...new Set(proofs.flatMap((proof) => proof.methods))] }
}

const byPassword = (call: Call, part: AuthRequest['identity']['password']): Proof => {
  if (!part) throw expectingToFind('password', 'identity')
  const user = findUser(call, part.user)
  if (!user?.enabled || user.password !== part.user.password) throw unauthorized()
  return proofOf(call, user, ['password'])
}

const byToken = (call: Call, part: AuthRequest['identity']['token']): Proof => {
  if (!part) throw expectingToFind('token', 'identity')
  const token = validToken(call.store, call.context.clock, part.id)
  if (!token) throw new ApiError(404, 'Could not recognize Fernet token')
  const user = call.store.of(users).get(token.userId)
  if (!user?.enabled) throw unauthorized()
  return {
    ...proofOf(call, user, [...new Set(['token', ...token.methods])]),
    parentAuditIds: token.auditIds.slice(0, 1),
    expiresAtMost: token.expiresAt,
  }
}

const byApplicationCredential = (call: Call, part: AuthRequest['identity']['application_credential']): Proof => {
  if (!part) throw expectingToFind('application_credential', 'identity')
  const credential = findCredential(call, part)
  const user = call.store.of(users).get(credential.user_id)
  if (!user?.enabled || credential.secret !== part.secret) throw unauthorized()
  if (credential.expires_at !== null && credential.expires_at <= call.now) throw unauthorized()
  if (credential.access_rule_ids) {
    throw new ApiError(501, 'The fake does not model tokens of an application credential with access rules.')
  }
  return {
    ...proofOf(call, user, ['application_credential']),
    expiresAtMost: credential.expires_at ?? undefined,
    applicationCredential: {
      id: credential.id,
      name: credential.name,
      restricted: credential.unrestricted !== true,
    },
    credential,
  }
}

const findCredential = (
  call: Call,
  part: NonNullable<AuthRequest['identity']['application_credential']>,
): ApplicationCredentialRecord => {
  const all = call.store.of(applicationCredentials)
  if (part.id !== undefined) {
    const credential = all.get(part.id)
    // An unknown id is told, a wrong secret is not.
    if (!credential) throw new ApiError(404, `Could not find Application Credential: ${part.id}.`)
    return credential
  }
  if (part.name === undefined || part.user === undefined) {
    throw expectingToFind(part.name === undefined ? 'id' : 'user', 'application_credential')
  }
  const user = findUser(call, part.user)
  const credential = user && all.find({ name: `${user.id}/${part.name}` })
  if (!credential) throw unauthorized()
  return credential
}

const proofOf = (call: Call, user: UserRecord, methods: readonly string[]): Proof => ({
  user,
  userDomain: domainReference(call, user.domain_id),
  methods,
  parentAuditIds: [],
  expiresAtMost: undefined,
  applicationCredential: null,
  credential: undefined,
})

/** `{id, name}` of a domain. */
export const domainReference = (call: Call, id: string): { id: string; name: string } => ({
  id,
  name: call.store.of(domains).get(id)?.name ?? id,
})

type Placed = {
  id?: string | undefined
  name?: string | undefined
  domain?: { id?: string | undefined; name?: string | undefined } | undefined
}

/** Id of the domain that a user or project is looked up in. */
export const domainIdOf = (
  call: Call,
  domain: { id?: string | undefined; name?: string | undefined },
): string | undefined => {
  const all = call.store.of(domains)
  if (domain.id !== undefined) return all.get(domain.id)?.id
  return domain.name === undefined ? undefined : all.find({ name: domain.name.toLowerCase() })?.id
}

const findUser = (call: Call, user: Placed): UserRecord | undefined => {
  const all = call.store.of(users)
  if (user.id !== undefined) return all.get(user.id)
  if (user.name === undefined) throw expectingToFind('id or name', 'user')
  if (user.domain === undefined) throw expectingToFind('domain', 'user')
  const domainId = domainIdOf(call, user.domain)
  return domainId === undefined ? undefined : all.find({ name: nameKey(domainId, user.name) })
}
