/** A login of a `clouds.yaml`. */
export interface CloudEntry {
  /** Name of the entry, as `--os-cloud` takes it. */
  name: string
  authUrl: string
  username: string
  password: string
  project: string
  /** Name of the domain of user and project. */
  domain: string
  region: string
  /** File of the authority that signed the certificate, where the system does not know it. */
  caFile?: string
}

/** A `clouds.yaml`. JSON strings are YAML, so no library is needed. */
export const cloudsYamlOf = (entries: readonly CloudEntry[]): string => `clouds:\n${entries.map(entryText).join('')}`

const entryText = ({ name, authUrl, username, password, project, domain, region, caFile }: CloudEntry): string =>
  `  ${/^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name)}:
    auth:
      auth_url: ${JSON.stringify(authUrl)}
      username: ${JSON.stringify(username)}
      password: ${JSON.stringify(password)}
      project_name: ${JSON.stringify(project)}
      user_domain_name: ${JSON.stringify(domain)}
      project_domain_name: ${JSON.stringify(domain)}
    region_name: ${JSON.stringify(region)}
    interface: public
    identity_api_version: 3
    volume_api_version: 3
${caFile === undefined ? '' : `    cacert: ${JSON.stringify(caFile)}\n`}`
