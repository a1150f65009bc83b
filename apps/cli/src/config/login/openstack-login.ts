import type { JsonObject } from '@openstack-cpi/cpi-core'

/** A login as OpenStack's own tools write it down, under the names they share: `OS_AUTH_URL` is `auth_url`. */
export type OpenStackLogin = Readonly<Partial<Record<LoginKey, string>>>

export const loginKeys = [
  'auth_url',
  'username',
  'password',
  'project_name',
  'project_id',
  'tenant_name',
  'tenant_id',
  'domain_name',
  'user_domain_name',
  'user_domain_id',
  'project_domain_name',
  'project_domain_id',
  'default_domain',
  'application_credential_id',
  'application_credential_secret',
  'region_name',
  'interface',
  'endpoint_type',
  'cacert',
  'insecure',
  'user_id',
  'auth_type',
] as const

export type LoginKey = (typeof loginKeys)[number]

/** A conversion, with what the operator has to know or do about it. */
export interface Converted<T> {
  readonly value: T
  readonly notes: readonly string[]
}

const supportedAuthTypes = ['', 'password', 'v3password', 'v2password', 'v3applicationcredential']

/** The `openstack` section for a login. `readCa` reads the file that `cacert` names. */
export function propertiesOf(login: OpenStackLogin, readCa: (path: string) => string): Converted<JsonObject> {
  const notes: string[] = []
  const domain = (kind: 'user' | 'project'): string | undefined => {
    const id = login[`${kind}_domain_id`]
    const name = login[`${kind}_domain_name`] ?? login.domain_name
    if (name !== undefined || id === undefined) return name ?? login.default_domain
    if (id === 'default') return 'Default' // Keystone's own name of the domain it creates first
    notes.push(`${kind}_domain_id: the CPI knows domains by name; set ${kind}_domain_name for domain ${id}`)
    return undefined
  }
  if (login.user_id !== undefined) notes.push('user_id: the CPI knows users by name; set username')
  const authType = login.auth_type ?? ''
  if (!supportedAuthTypes.includes(authType)) notes.push(`auth_type ${authType} is not supported by the CPI`)
  const isCredential = login.application_credential_id !== undefined
  const isV2 = /\/v2\.0(\/|$)/.test(login.auth_url ?? '')
  const user = domain('user')
  const project = domain('project')
  const verifies = !/^(true|yes|1)$/i.test(login.insecure ?? '')
  const connection = {
    ...(login.cacert === undefined ? {} : { ca_cert: readCa(login.cacert) }),
    ...(verifies ? {} : { ssl_verify_peer: false }),
  }
  const projectName = login.project_name ?? login.tenant_name
  const projectId = login.project_id ?? login.tenant_id
  const scope = isV2
    ? { tenant: projectName }
    : {
        ...(projectId === undefined ? { project: projectName } : { project_id: projectId }),
        ...(user === project ? { domain: user } : { user_domain_name: user, project_domain_name: project }),
      }
  const properties = {
    auth_url: login.auth_url,
    ...(isCredential
      ? {
          application_credential_id: login.application_credential_id,
          application_credential_secret: login.application_credential_secret,
        }
      : { username: login.username, api_key: login.password, ...scope }),
    region: login.region_name,
    endpoint_type: login.interface ?? login.endpoint_type,
    connection_options: Object.keys(connection).length === 0 ? undefined : connection,
  }
  return { value: withoutAbsent(properties), notes }
}

/** The login of an `openstack` section. */
export function loginOf(properties: JsonObject, caPath: string | undefined): Converted<OpenStackLogin> {
  const notes: string[] = []
  const text = (name: string): string | undefined => {
    const value = properties[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const connection = properties['connection_options']
  const option = (name: string) =>
    typeof connection === 'object' && connection !== null && name in connection
      ? Object.entries(connection).find(([key]) => key === name)?.[1]
      : undefined
  if (caPath === undefined && option('ca_cert') !== undefined) {
    notes.push('connection_options.ca_cert: write the certificates to a file, and name it as cacert (OS_CACERT)')
  }
  const isCredential = text('application_credential_id') !== undefined
  const user = text('user_domain_name') ?? text('domain')
  const project = text('project_domain_name') ?? text('domain')
  const login = {
    auth_url: text('auth_url'),
    ...(isCredential
      ? {
          auth_type: 'v3applicationcredential',
          application_credential_id: text('application_credential_id'),
          application_credential_secret: text('application_credential_secret'),
        }
      : {
          username: text('username'),
          password: text('api_key'),
          project_name: text('project') ?? text('tenant'),
          project_id: text('project_id'),
          user_domain_name: user,
          project_domain_name: project,
        }),
    region_name: text('region'),
    interface: text('endpoint_type')?.replace(/URL$/, ''),
    cacert: caPath,
    insecure: option('ssl_verify_peer') === false ? 'true' : undefined,
  }
  return { value: withoutAbsent(login), notes }
}

const withoutAbsent = <V>(object: Readonly<Record<string, V | undefined>>): Record<string, V> =>
  Object.fromEntries(Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
