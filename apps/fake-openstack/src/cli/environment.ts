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

/**
 * A `clouds.yaml` with an entry for each account, and one more through the TLS listener where there is one: `bosh-tls`. JSON
 * strings are YAML, so no library is needed.
 */
export const cloudsYaml = (cloud: CloudDescription): string => {
  const entries = accounts(cloud).map((account) => entry(cloud, account, account.name, cloud.auth_url))
  const { tls_auth_url: tlsUrl, ca_file: caFile } = cloud
  if (tlsUrl !== null) {
    const trust = caFile === null ? '' : `    cacert: ${JSON.stringify(caFile)}\n`
    entries.push(...accounts(cloud).map((account) => `${entry(cloud, account, `${account.name}-tls`, tlsUrl)}${trust}`))
  }
  return `clouds:\n${entries.join('')}`
}

const entry = (cloud: CloudDescription, account: Account, name: string, authUrl: string): string =>
  `  ${/^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name)}:
    auth:
      auth_url: ${JSON.stringify(authUrl)}
      username: ${JSON.stringify(account.name)}
      password: ${JSON.stringify(account.password)}
      project_name: ${JSON.stringify(account.project)}
      user_domain_name: ${JSON.stringify(cloud.domain)}
      project_domain_name: ${JSON.stringify(cloud.domain)}
    region_name: ${JSON.stringify(cloud.region)}
    interface: public
    identity_api_version: 3
    volume_api_version: 3
`
