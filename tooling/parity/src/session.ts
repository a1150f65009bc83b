import { type Login as KeystoneLogin, login as logIn } from '@openstack-cpi/harness/login'
import type { CloudUnderTest, TestUser, User } from './cloud-under-test.ts'
import { normaliseHeaders, normaliseText, normaliseValue, type Replacements } from './normalise.ts'
import type { Recorded, Service } from './probe.ts'

/** Of each service the type in the catalog, and what is between its root and the paths of its API. */
const apis: Readonly<Record<Service, { type: string; base: string }>> = {
  identity: { type: 'identity', base: '/v3' },
  compute: { type: 'compute', base: '/v2.1' },
  image: { type: 'image', base: '/v2' },
  'block-storage': { type: 'volumev3', base: '/v3/{project}' },
  network: { type: 'network', base: '/v2.0' },
  'load-balancer': { type: 'load-balancer', base: '/v2/lbaas' },
}

interface Login extends Omit<KeystoneLogin, 'endpoints'> {
  /** Roots of the services, without version. */
  readonly roots: ReadonlyMap<Service, string>
}

export interface Request {
  readonly service: Service
  readonly method: string
  /** Behind the version (`/volumes`), or from the service's root when it begins with `//`. */
  readonly path: string
  readonly body?: unknown
  /** The body as text, for what is no JSON. */
  readonly text?: string
  /** The body as bytes, for what is no text; goes with a content type in `headers`. */
  readonly bytes?: Uint8Array<ArrayBuffer>
  /** Microversion, in the service's header. */
  readonly version?: string
  readonly as?: TestUser
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** The value under these keys, as text; empty when it is not there. */
  at(...keys: (string | number)[]): string
}

/** One run over one cloud: logins, addresses and the name prefix of everything it creates. */
export class Session {
  readonly #cloud: CloudUnderTest
  readonly #logins = new Map<User, Login>()
  /** Begins every name that the run gives. */
  readonly prefix: string

  constructor(cloud: CloudUnderTest, prefix: string) {
    this.#cloud = cloud
    this.prefix = prefix
  }

  /** Logs the users in, all of them by default. */
  async start(users: readonly User[] = ['bosh', 'small', 'other', 'admin']) {
    for (const user of users) await this.#login(user)
  }

  /** The login of a user, or of one that exists where the user has none. */
  login(user: TestUser): Login {
    const login = this.#logins.get(user as User) ?? this.#logins.get('bosh') ?? this.#logins.get('admin')
    if (!login) throw new Error('the session has not been started')
    return login
  }

  /** What probes may use: `$prefix`, `$PREFIX`, `$unknownId`, and of each user `$boshUser`, `$boshName`, `$boshProject` … */
  variables(): readonly (readonly [name: string, value: string])[] {
    const users = [...this.#logins].flatMap(([user, { projectId, userId }]) => {
      const { name, password, project } = this.#cloud.people[user]
      const values = { Name: name, Password: password, ProjectName: project, Project: projectId, User: userId }
      return Object.entries(values).map(([key, value]) => [`${user}${key}`, value] as const)
    })
    const { prefix } = this
    return [['prefix', prefix], ['PREFIX', prefix.toUpperCase()], ['unknownId', unknownId], ...users]
  }

  pause(ms: number): Promise<void> {
    return this.#cloud.pause(ms)
  }

  async send(request: Request): Promise<Answer> {
    const { method, body, text, bytes, version, service } = request
    const user = request.as ?? 'bosh'
    const headers: Record<string, string> = { accept: 'application/json' }
    if (body !== undefined || text !== undefined) headers['content-type'] = 'application/json'
    if (user === 'bad-token') headers['x-auth-token'] = 'notatoken'
    else if (user !== 'anonymous') headers['x-auth-token'] = this.login(user).token
    if (version !== undefined) headers['openstack-api-version'] = `${versionNames[service] ?? service} ${version}`
    Object.assign(headers, request.headers)
    const isBodiless = method === 'GET' || method === 'HEAD'
    const given = bytes ?? text ?? (body === undefined ? undefined : JSON.stringify(body))
    const content = isBodiless ? undefined : given
    const response = await this.#cloud.fetch(this.#url(request), {
      method,
      headers,
      redirect: 'manual',
      ...(content === undefined ? {} : { body: content }),
    })
    return answerOf(response)
  }

  /** The answer without ids, times and addresses. */
  record(request: Request, answer: Answer): Recorded {
    const replacements = this.#replacements()
    return {
      request: normaliseText(`${request.method} ${request.path}`, replacements),
      status: answer.status,
      headers: normaliseHeaders(answer.headers, replacements),
      body: normaliseValue(answer.body, replacements),
    }
  }

  #url({ service, path, as }: Request): string {
    const login = this.login(as ?? 'bosh')
    // A cloud without the service: the request goes nowhere, and that is its answer.
    const root = login.roots.get(service) ?? new URL(`/${service}`, this.#cloud.authUrl).href
    if (path.startsWith('//')) return root + path.slice(1)
    return root + apis[service].base.replace('{project}', login.projectId) + path
  }

  #replacements(): Replacements {
    const texts: [string, string][] = [[this.prefix, 'parity']]
    for (const [service, root] of this.login('bosh').roots) texts.push([root, `<${service}>`])
    const byLength = texts.sort(([a], [b]) => b.length - a.length)
    return { texts: byLength }
  }

  async #login(user: User): Promise<void> {
    const { authUrl, region, people, fetch } = this.#cloud
    const cloud = { auth_url: authUrl, region, domain: 'Default' }
    const { endpoints, ...login } = await logIn(cloud, people[user], fetch)
    const roots = new Map<Service, string>()
    for (const [service, { type }] of Object.entries(apis) as [Service, { type: string }][]) {
      const url = service === 'identity' ? authUrl : endpoints.get(type)
      if (url !== undefined) roots.set(service, url.replace(/\/v\d[\d.]*(\/.*)?$/, ''))
    }
    this.#logins.set(user, { ...login, roots })
  }
}

/** An id that nothing has. */
export const unknownId = '00000000-1111-2222-3333-444444444444'

const versionNames: Readonly<Partial<Record<Service, string>>> = { 'block-storage': 'volume' }

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const body = parsed(text)
  return {
    status: response.status,
    headers: response.headers,
    body,
    at: (...keys) => {
      let value: unknown = body
      for (const key of keys) {
        value =
          typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
      }
      return value === undefined || value === null ? '' : String(value)
    },
  }
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text // a page of HTML, or no JSON at all
  }
}
