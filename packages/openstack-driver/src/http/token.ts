import { hash } from 'node:crypto'
import * as z from 'zod/mini'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import type { MicroversionRange } from './microversion.ts'

/**
 * What a token says about us.
 * https://docs.openstack.org/api-ref/identity/v3/#password-authentication-with-scoped-authorization
 */
export interface TokenInfo {
  readonly projectId: string | undefined
  readonly projectName: string | undefined
  readonly userId: string | undefined
  readonly userName: string | undefined
  /** Role names, where the token lists them. */
  readonly roles: readonly string[]
  /** ISO date, UTC, by Keystone's clock. */
  readonly expiresAt: string
  /** The same of its making, where Keystone tells; not of a token that an earlier process got. */
  readonly issuedAt?: string
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

/** A token with what it says about us. */
export interface Token {
  /** Secret. */
  readonly id: string
  readonly info: TokenInfo
  /** When to log in anew, in milliseconds since 1970 by our own clock. */
  readonly renewAtMs: number
  /** Microversions discovered with this token; null: the service has none. */
  readonly microversions?: Readonly<Record<string, MicroversionRange | null>>
}

/** Where and as whom we log in. */
export interface LoginIdentity {
  /** Digest of everything that makes two logins the same, the secret left out. */
  readonly digest: string
  /** Password, or secret of the application credential; a cache encrypts its entries with it. */
  readonly secret: string
}

/**
 * Keeps logins between processes, so that not each of them logs in. Without one every process logs in once. Entries are
 * secret. A cache that cannot read or write logs a warning and calls `logIn`: a login is always possible.
 */
export interface TokenCache {
  /**
   * Answers an entry that `isUsable` accepts: one kept earlier, one another process has just made, or that of `logIn`,
   * which is then kept in place of any other. Rejects only as `logIn` does.
   */
  login(identity: LoginIdentity, isUsable: (entry: string) => boolean, logIn: () => Promise<string>): Promise<string>
  /** Keeps `entry` in place of one that `isReplaceable` accepts; does nothing where another one is kept. Never rejects. */
  amend(identity: LoginIdentity, isReplaceable: (entry: string) => boolean, entry: string): Promise<void>
}

/** What tells one login from another: Keystone and the way to it, user, scope and region; the secret apart. */
export function loginIdentity({ authUrl, credentials, region, connection }: OpenStackConfig): LoginIdentity {
  const { secret, ...named } = withoutSecret(credentials)
  // A catalog read without verifying the server must never serve a configuration that verifies.
  const { caCert, sslVerifyPeer, proxy } = connection
  const parts = JSON.stringify([authUrl, named, region ?? null, caCert ?? null, sslVerifyPeer, proxy ?? null])
  const digest = hash('sha256', parts)
  return { digest, secret }
}

function withoutSecret(credentials: OpenStackConfig['credentials']): { readonly secret: string } {
  if (credentials.kind === 'application_credential') return credentials
  const { password, ...named } = credentials
  return { ...named, secret: password }
}

/** The text that a cache keeps of a token. */
export const writeTokenEntry = (token: Token): string => JSON.stringify(token)

/** Reads what `writeTokenEntry` wrote; undefined for anything that this version did not write. */
export function readTokenEntry(entry: string): Token | undefined {
  let json: unknown
  try {
    json = JSON.parse(entry)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // damaged: as if there were none
    throw error
  }
  const read = entrySchema().safeParse(json)
  if (!read.success) return undefined
  const { id, info, renewAtMs, microversions } = read.data
  const { projectId, projectName, userId, userName } = info
  const token = { id, renewAtMs, info: { ...info, projectId, projectName, userId, userName } }
  return microversions === undefined ? token : { ...token, microversions }
}

let builtSchema: ReturnType<typeof buildSchema> | undefined
/** Built when a cache is read first: most of the time of building it is saved without a cache. */
const entrySchema = () => {
  builtSchema ??= buildSchema()
  return builtSchema
}

function buildSchema() {
  const optionalText = z.optional(z.string())
  const microversion = z.object({ major: z.number(), minor: z.number() })
  const endpoint = z.object({ interface: z.enum(['public', 'internal', 'admin']), region: z.string(), url: z.string() })
  return z.object({
    id: z.string().check(z.minLength(1)),
    renewAtMs: z.number(),
    microversions: z.optional(
      z.record(z.string(), z.nullable(z.object({ lowest: microversion, highest: microversion }))),
    ),
    info: z.object({
      projectId: optionalText,
      projectName: optionalText,
      userId: optionalText,
      userName: optionalText,
      roles: z.array(z.string()),
      expiresAt: z.string(),
      catalog: z.array(z.object({ type: z.string(), name: z.string(), endpoints: z.array(endpoint) })),
    }),
  })
}
