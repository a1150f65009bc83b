import type { Clock } from './clock.ts'
import { defineCollection, type StoredRecord } from './collection.ts'
import type { Store } from './store.ts'

/** A token: who, for what, until when. The id is the token itself. */
export interface TokenRecord extends StoredRecord {
  userId: string
  userName: string
  userDomain: { id: string; name: string }
  /** Null for an unscoped token. */
  project: { id: string; name: string; domain: { id: string; name: string } } | null
  /** Set for a domain-scoped token. */
  domain: { id: string; name: string } | null
  /** `OS-SYSTEM` scope. */
  isSystem: boolean
  roles: readonly { id: string; name: string }[]
  methods: readonly string[]
  auditIds: readonly string[]
  /** Epoch milliseconds. */
  issuedAt: number
  expiresAt: number
  applicationCredential: { id: string; name: string; restricted: boolean } | null
  /** Set for a token of a trust. */
  trust?: { id: string; trustorId: string; trusteeId: string; impersonation: boolean }
  isRevoked: boolean
}

export const tokens = defineCollection<TokenRecord>()({
  kind: '_tokens',
  internal: true,
  indexes: { user: (r) => r.userId, applicationCredential: (r) => r.applicationCredential?.id },
})

/** The token of a request, or undefined when there is none, it is unknown, expired or revoked. */
export const validToken = (store: Store, clock: Clock, id: string | null): TokenRecord | undefined => {
  const token = id === null ? undefined : store.of(tokens).get(id)
  return token && !token.isRevoked && token.expiresAt > clock.now() ? token : undefined
}
