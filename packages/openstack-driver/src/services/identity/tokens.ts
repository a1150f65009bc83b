/** What a token says about us. https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization */
export interface TokenInfo {
  readonly projectId: string | undefined
  readonly projectName: string | undefined
  readonly userId: string | undefined
  readonly userName: string | undefined
  /** Role names, where the token lists them. */
  readonly roles: readonly string[]
  /** ISO date, UTC. */
  readonly expiresAt: string
  readonly catalog: readonly CatalogEntry[]
}

/** One service of the catalog, v2 catalogs converted. */
export interface CatalogEntry {
  readonly type: string
  readonly name: string
  readonly endpoints: readonly CatalogEndpoint[]
}

export interface CatalogEndpoint {
  readonly interface: 'public' | 'internal' | 'admin'
  readonly region: string
  readonly url: string
}

/** Keystone: who we are. The login itself is the transport's business. */
export const identity = (token: () => Promise<TokenInfo>) => ({
  /** The current token's content; logs in if need be. */
  whoAmI: () => token(),
})

export type Identity = ReturnType<typeof identity>
