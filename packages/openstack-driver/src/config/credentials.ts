import type { OpenStackProperties } from './openstack-schema.ts'
import { isHttpUrl } from './openstack-schema.ts'

/** How to log in: exactly one way (driver spec §1.1, §2). */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string; readonly scope: PasswordScope }
  | { readonly kind: 'application_credential'; readonly id: string; readonly secret: string }
  | { readonly kind: 'v2'; readonly username: string; readonly password: string; readonly tenant: string }

/** Project and domains of a v3 password login. */
export interface PasswordScope {
  readonly project: { readonly id: string } | { readonly name: string }
  /** Names. */
  readonly userDomain: string
  readonly projectDomain: string
}

/**
 * Cuts everything from Keystone's version segment on, the last one, and trailing slashes; v2 only if there is a segment
 * `v2.0` and none `v3` (driver spec §1.1). A bare `v2` names no version of Keystone: `version` is undefined then, and
 * the credentials tell.
 */
export function normaliseAuthUrl(text: string): { readonly url: string; readonly version: 2 | 3 | undefined } {
  const url = new URL(text)
  const segments = url.pathname.split('/').filter((segment) => segment !== '')
  const isVersion = (segment: string | undefined) => /^v[23](\.\d+)?$/.test(segment ?? '')
  let at = segments.findLastIndex(isVersion)
  while (isVersion(segments[at - 1])) at -= 1
  const kept = at < 0 ? segments : segments.slice(0, at)
  const isV3 = segments.includes('v3')
  const isUndecided = !isV3 && !segments.includes('v2.0') && segments.includes('v2')
  return {
    url: [url.origin, ...kept].join('/'),
    version: isUndecided ? undefined : segments.includes('v2.0') && !isV3 ? 2 : 3,
  }
}

/** Which way to log in the properties describe, or everything that is wrong with them (driver spec §1.2). */
export function readCredentials(properties: OpenStackProperties): {
  readonly value: Credentials | undefined
  readonly problems: readonly string[]
} {
  const problems: string[] = []
  const isUrl = isHttpUrl(properties.auth_url)
  if (!isUrl) problems.push('auth_url must be an http or https URL')
  const named = isUrl ? normaliseAuthUrl(properties.auth_url).version : 3
  const version = named ?? (isV2Scope(properties) ? 2 : 3)
  const way = loginPair(properties)
  if (way === undefined) {
    problems.push(
      'username and api_key or application_credential_id and application_credential_secret is required, not both and not parts',
    )
  }
  if (way?.kind === 'application_credential' && version === 2) {
    problems.push('application credentials need Keystone v3, but auth_url names v2.0')
  }
  if (version === 2) {
    const { tenant } = properties
    if (tenant === undefined && way?.kind !== 'application_credential') {
      problems.push('tenant is required with Keystone v2.0')
    }
    const isComplete = problems.length === 0 && way?.kind === 'password' && tenant !== undefined
    return { value: isComplete ? { ...way, kind: 'v2', tenant } : undefined, problems }
  }
  if (way?.kind === 'application_credential') return { value: problems.length === 0 ? way : undefined, problems }
  const { scope, problems: scopeProblems } = readScope(properties)
  problems.push(...scopeProblems)
  if (named === undefined && scopeProblems.length > 0) {
    problems.push('auth_url ends in /v2: for Keystone v2.0 set tenant, else let it end in /v3')
  }
  return { value: problems.length === 0 && way && scope ? { ...way, scope } : undefined, problems }
}

/** A tenant, and nothing of what v3 needs beside or instead of it. */
const isV2Scope = (properties: OpenStackProperties): boolean =>
  properties.tenant !== undefined &&
  [properties.project, properties.project_id, properties.domain, properties.user_domain_name].every(
    (value) => value === undefined,
  )

function loginPair(properties: OpenStackProperties) {
  const {
    username,
    api_key: password,
    application_credential_id: id,
    application_credential_secret: secret,
  } = properties
  const isPasswordAbsent = username === undefined && password === undefined
  const isCredentialAbsent = id === undefined && secret === undefined
  if (username !== undefined && password !== undefined && isCredentialAbsent) {
    return { kind: 'password' as const, username, password }
  }
  if (id !== undefined && secret !== undefined && isPasswordAbsent) {
    return { kind: 'application_credential' as const, id, secret }
  }
  return undefined
}

function readScope(properties: OpenStackProperties): { scope: PasswordScope | undefined; problems: string[] } {
  const { project: name, project_id: id, domain, user_domain_name, project_domain_name } = properties
  const problems: string[] = []
  if (name === undefined && id === undefined) problems.push('project or project_id is required with Keystone v3')
  const isOneMissing = (user_domain_name === undefined) !== (project_domain_name === undefined)
  if (isOneMissing) {
    problems.push('user_domain_name and project_domain_name are required together')
  } else if (domain === undefined && user_domain_name === undefined) {
    problems.push('domain, or user_domain_name and project_domain_name, is required with Keystone v3')
  }
  const userDomain = user_domain_name ?? domain
  const projectDomain = project_domain_name ?? domain
  const project = id === undefined ? (name === undefined ? undefined : { name }) : { id }
  if (problems.length > 0 || project === undefined || userDomain === undefined || projectDomain === undefined) {
    return { scope: undefined, problems }
  }
  return { scope: { project, userDomain, projectDomain }, problems }
}
