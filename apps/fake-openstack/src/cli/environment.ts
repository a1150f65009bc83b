import { type CloudEntry, cloudsYamlOf } from '../seed/clouds-yaml.ts'
import type { CloudDescription } from '../seed/description.ts'

interface Account {
  name: string
  password: string
  project: string
}

/** All accounts of a description, the suite's own first. */
const accounts = (cloud: CloudDescription): Account[] => [
  cloud.user,
  ...(cloud.small_user ? [cloud.small_user] : []),
  ...(cloud.other_user ? [cloud.other_user] : []),
  ...(cloud.admin ? [{ ...cloud.admin, name: cloud.admin.user }] : []),
]

/** The variables that OpenStack clients read. */
export const openStackVariables = (cloud: CloudDescription): Record<string, string> => ({
  OS_AUTH_URL: cloud.auth_url,
  OS_USERNAME: cloud.user.name,
  OS_PASSWORD: cloud.user.password,
  OS_PROJECT_NAME: cloud.user.project,
  OS_USER_DOMAIN_NAME: cloud.domain,
  OS_PROJECT_DOMAIN_NAME: cloud.domain,
  OS_REGION_NAME: cloud.region,
  OS_INTERFACE: 'public',
  OS_IDENTITY_API_VERSION: '3',
})

/** `export OS_…` lines for a shell. */
export const exportLines = (cloud: CloudDescription): string =>
  Object.entries(openStackVariables(cloud))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('')

/** A `clouds.yaml` with an entry for each account, and one more through the TLS listener where there is one: `bosh-tls`. */
export const cloudsYaml = (cloud: CloudDescription): string => {
  const { domain, region, tls_auth_url: tlsUrl, ca_file: caFile } = cloud
  const entries = (suffix: string, authUrl: string): CloudEntry[] =>
    accounts(cloud).map(({ name, password, project }) => ({
      name: `${name}${suffix}`,
      authUrl,
      username: name,
      password,
      project,
      domain,
      region,
    }))
  const behindTls = tlsUrl === null ? [] : entries('-tls', tlsUrl)
  return cloudsYamlOf([
    ...entries('', cloud.auth_url),
    ...behindTls.map((entry) => (caFile === null ? entry : { ...entry, caFile })),
  ])
}
