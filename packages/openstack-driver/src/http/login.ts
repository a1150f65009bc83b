import { isJsonObject } from '@openstack-cpi/cpi-core'
import type { Credentials, OpenStackConfig } from '../config/openstack-config.ts'
import { OpenStackError } from './openstack-error.ts'
import type { CatalogEndpoint, CatalogEntry, Token, TokenInfo } from './token.ts'

/** The shortest life that a token should have left when it is used, in milliseconds (driver spec §2.3). */
const leastLifeMs = 30_000
/** How long a token is trusted whose end cannot be told, because our clock is wrong: until a service refuses it. */
const unknownLifeMs = 5 * 60_000

/** Where to log in, and with which body: Keystone v3, or v2.0 for its credentials (driver spec §2.1, §2.2). */
export function loginRequest(config: Pick<OpenStackConfig, 'authUrl' | 'credentials'>): { url: URL; body: unknown } {
  const { authUrl, credentials } = config
  if (credentials.kind === 'v2') {
    const { username, password, tenant } = credentials
    return {
      url: new URL(`${authUrl}/v2.0/tokens`),
      body: { auth: { passwordCredentials: { username, password }, tenantName: tenant } },
    }
  }
  return { url: new URL(`${authUrl}/v3/auth/tokens`), body: { auth: v3Auth(credentials) } }
}

function v3Auth(credentials: Exclude<Credentials, { kind: 'v2' }>): unknown {
  if (credentials.kind === 'application_credential') {
    const { id, secret } = credentials
    // No scope: the credential is bound to its project, and Keystone refuses one.
    return { identity: { methods: ['application_credential'], application_credential: { id, secret } } }
  }
  const { username, password, scope } = credentials
  const project = 'id' in scope.project ? scope.project : { ...scope.project, domain: { name: scope.projectDomain } }
  return {
    identity: {
      methods: ['password'],
      password: { user: { name: username, domain: { name: scope.userDomain }, password } },
    },
    scope: { project },
  }
}

/**
 * Reads the answer of either version. Throws kind `decode` when it is not what the API promises.
 * @param askedAtMs when the login was sent, by our clock
 */
export function readLogin(
  kind: Credentials['kind'],
  subjectToken: string | undefined,
  body: string,
  askedAtMs: number,
): Token {
  const json = parseObject(body)
  const token = kind === 'v2' ? readV2(json) : readV3(json, subjectToken)
  if (token === undefined) throw new OpenStackError('decode', 'Keystone answered the login without a token')
  const { id, info } = token
  return { id, info, renewAtMs: renewAt(info.expiresAt, info.issuedAt, askedAtMs) }
}

/**
 * When to log in anew, by our clock: 30 s before the end of the token, or half-way through the life of a shorter one.
 * The life is the difference of two of Keystone's times, so that our clock need not agree with Keystone's.
 */
function renewAt(expiresAt: string, issuedAt: string | undefined, askedAtMs: number): number {
  const givenLifeMs = issuedAt === undefined ? Number.NaN : Date.parse(expiresAt) - Date.parse(issuedAt)
  const lifeMs = givenLifeMs > 0 ? givenLifeMs : Date.parse(expiresAt) - askedAtMs
  if (!(lifeMs > 0)) return askedAtMs + unknownLifeMs
  return askedAtMs + lifeMs - Math.min(leastLifeMs, lifeMs / 2)
}

/** A token as Keystone describes it. */
type IssuedToken = Pick<Token, 'id' | 'info'>

function readV3(json: Shape, id: string | undefined): IssuedToken | undefined {
  const token = record(json['token'])
  const expiresAt = text(token?.['expires_at'])
  if (token === undefined || id === undefined || id === '' || expiresAt === undefined) return undefined
  const project = record(token['project'])
  const user = record(token['user'])
  const catalog = records(token['catalog']).map((entry) => ({
    type: text(entry['type']) ?? '',
    name: text(entry['name']) ?? '',
    endpoints: records(entry['endpoints']).flatMap((endpoint) =>
      toEndpoint(endpoint['interface'], endpoint['region_id'] ?? endpoint['region'], endpoint['url']),
    ),
  }))
  const roles = records(token['roles']).flatMap((role) => text(role['name']) ?? [])
  return { id, info: { ...who(project, user), roles, expiresAt, catalog, ...issuedAtOf(token) } }
}

function readV2(json: Shape): IssuedToken | undefined {
  const access = record(json['access'])
  const token = record(access?.['token'])
  const id = text(token?.['id'])
  const expiresAt = text(token?.['expires'])
  if (access === undefined || token === undefined || id === undefined || expiresAt === undefined) return undefined
  const user = record(access['user'])
  const roles = records(user?.['roles']).flatMap((role) => text(role['name']) ?? [])
  return {
    id,
    info: {
      ...who(record(token['tenant']), user),
      roles,
      expiresAt,
      catalog: v2Catalog(access['serviceCatalog']),
      ...issuedAtOf(token),
    },
  }
}

const v2Catalog = (catalog: unknown): CatalogEntry[] =>
  records(catalog).map((entry) => ({
    type: text(entry['type']) ?? '',
    name: text(entry['name']) ?? '',
    endpoints: records(entry['endpoints']).flatMap((endpoint) => [
      ...toEndpoint('public', endpoint['region'], endpoint['publicURL']),
      ...toEndpoint('internal', endpoint['region'], endpoint['internalURL']),
      ...toEndpoint('admin', endpoint['region'], endpoint['adminURL']),
    ]),
  }))

function issuedAtOf(token: Shape): Pick<TokenInfo, 'issuedAt'> {
  const issuedAt = text(token['issued_at'])
  return issuedAt === undefined ? {} : { issuedAt }
}

const who = (project: Shape | undefined, user: Shape | undefined) => ({
  projectId: text(project?.['id']),
  projectName: text(project?.['name']),
  userId: text(user?.['id']),
  userName: text(user?.['name']),
})

function toEndpoint(kind: unknown, region: unknown, url: unknown): CatalogEndpoint[] {
  if (kind !== 'public' && kind !== 'internal' && kind !== 'admin') return []
  const address = text(url)
  return address === undefined ? [] : [{ interface: kind, region: text(region) ?? '', url: address }]
}

type Shape = Readonly<Record<string, unknown>>

function parseObject(body: string): Shape {
  try {
    return record(JSON.parse(body)) ?? {}
  } catch (cause) {
    throw new OpenStackError('decode', 'Keystone answered the login with something that is not JSON', { cause })
  }
}

const record = (value: unknown): Shape | undefined => (isJsonObject(value) ? value : undefined)
const records = (value: unknown): Shape[] =>
  Array.isArray(value) ? value.map(record).filter((item) => item !== undefined) : []
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
