import type { CloudDescription, Tenant } from './cloud-description.ts'

/** A token of a user for a project, and what Keystone said with it. */
export interface Login {
  /** Secret. */
  readonly token: string
  readonly projectId: string
  readonly userId: string
  /** Public endpoints of the region by service type, without a slash at the end. */
  readonly endpoints: ReadonlyMap<string, string>
}

/** Logs in with a password. Throws for any answer but 201. */
export async function login(
  cloud: Pick<CloudDescription, 'auth_url' | 'region' | 'domain'>,
  { name, password, project }: Pick<Tenant, 'name' | 'password' | 'project'>,
  send: (url: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<Login> {
  const domain = { name: cloud.domain }
  const response = await send(`${cloud.auth_url}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name, domain, password } } },
        scope: { project: { name: project, domain } },
      },
    }),
  })
  const token = response.headers.get('x-subject-token')
  if (response.status !== 201 || !token) throw new Error(`login as ${name}: HTTP ${response.status}`)
  const body = (await response.json()) as {
    token: {
      project: { id: string }
      user: { id: string }
      catalog: { type: string; endpoints: { interface: string; region: string; url: string }[] }[]
    }
  } // Keystone's documented answer
  const endpoints = new Map<string, string>()
  for (const service of body.token.catalog) {
    const endpoint = service.endpoints.find((one) => one.interface === 'public' && one.region === cloud.region)
    if (endpoint) endpoints.set(service.type, endpoint.url.replace(/\/$/, ''))
  }
  return { token, projectId: body.token.project.id, userId: body.token.user.id, endpoints }
}
