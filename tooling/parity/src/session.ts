import { type Login, login as logIn } from '@openstack-cpi/harness/login'
import type { CloudUnderTest, TestUser, User } from './cloud-under-test.ts'
import { normaliseHeaders, normaliseText, normaliseValue, type Replacements } from './normalise.ts'
import { type Recorded, type Service, services } from './probe.ts'

/** Of each service the type in the catalog, what is between its root and the paths of its API, its name in microversions. */
const apis: Readonly<Record<Service, { readonly type: string; readonly base: string; readonly name?: string }>> = {
  identity: { type: 'identity', base: '/v3' },
  compute: { type: 'compute', base: '/v2.1' },
  image: { type: 'image', base: '/v2' },
  'block-storage': { type: 'volumev3', base: '/v3/{project}', name: 'volume' },
  network: { type: 'network', base: '/v2.0' },
  'load-balancer': { type: 'load-balancer', base: '/v2/lbaas' },
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
    const { authUrl, region, people, fetch } = this.#cloud
    const cloud = { auth_url: authUrl, region, domain: 'Default' }
    for (const user of users) this.#logins.set(user, await logIn(cloud, people[user], fetch))
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
    if (version !== undefined) headers['openstack-api-version'] = `${apis[service].name ?? service} ${version}`
    Object.assign(headers, request.headers)
    const isBodiless = method === 'GET' || method === 'HEAD'
    const response = await this.#cloud.fetch(this.#url(request), {
      method,
      headers,
      redirect: 'manual',
      body: isBodiless ? null : (bytes ?? text ?? JSON.stringify(body)),
    })
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) }
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

  #url({ service, path, as = 'bosh' }: Request): string {
    // A cloud without the service: the request goes nowhere, and that is its answer.
    const root = this.#root(service, as) ?? new URL(`/${service}`, this.#cloud.authUrl).href
    if (path.startsWith('//')) return root + path.slice(1)
    return root + apis[service].base.replace('{project}', this.login(as).projectId) + path
  }

  /** The root of a service, without version; undefined where the catalog has none. */
  #root(service: Service, user: TestUser): string | undefined {
    const url = service === 'identity' ? this.#cloud.authUrl : this.login(user).endpoints.get(apis[service].type)
    return url?.replace(/\/v\d[\d.]*(\/.*)?$/, '')
  }

  #replacements(): Replacements {
    const roots = services.flatMap((service) => {
      const root = this.#root(service, 'bosh')
      return root === undefined ? [] : [[root, `<${service}>`] as const]
    })
    return [[this.prefix, 'parity'] as const, ...roots].sort(([a], [b]) => b.length - a.length)
  }
}

/** An id that nothing has. */
export const unknownId = '00000000-1111-2222-3333-444444444444'

/** The value of a field (`volume.status`) as text; empty when it is not there. */
export const textAt = ({ body }: Answer, field: string): string => {
  const inner = (value: unknown, key: string) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[key]
  return String(field.split('.').reduce(inner, body) ?? '')
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text // a page of HTML, or no JSON at all
  }
}
