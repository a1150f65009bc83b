import type { TestUser } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
import type { Request } from '../session.ts'
import { validBodies } from './bodies.ts'
import { mutate, sampleOf } from './mutate.ts'
import type { JsonSchema, PublishedRoute } from './published.ts'
import { SeededRandom } from './random.ts'

/** A request with placeholders, and what is odd about it. */
export interface Generated {
  readonly request: Request
  /** `POST /volumes/:id/action os-extend` */
  readonly route: string
  /** What was done to an ordinary request, part by part. */
  readonly what: readonly string[]
}

/** Microversions at which something changes, and those beside the range. */
const versions: Readonly<Partial<Record<Service, readonly string[]>>> = {
  compute: [
    ...[
      '2.0',
      '2.1',
      '2.2',
      '2.3',
      '2.8',
      '2.9',
      '2.10',
      '2.16',
      '2.19',
      '2.25',
      '2.26',
      '2.32',
      '2.35',
      '2.36',
      '2.37',
    ],
    ...['2.40', '2.41', '2.42', '2.43', '2.44', '2.47', '2.48', '2.50', '2.51', '2.52', '2.53', '2.54', '2.55', '2.57'],
    ...['2.60', '2.61', '2.63', '2.64', '2.66', '2.67', '2.69', '2.71', '2.73', '2.74', '2.75', '2.77', '2.79', '2.83'],
    ...['2.85', '2.88', '2.89', '2.90', '2.93', '2.94', '3.0', 'latest', '', 'x', '2.1.1', '2'],
  ],
  'block-storage': [
    ...['2.0', '3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.8', '3.10', '3.12', '3.13', '3.15', '3.21', '3.27', '3.28'],
    ...['3.30', '3.31', '3.34', '3.41', '3.42', '3.44', '3.46', '3.47', '3.48', '3.51', '3.53', '3.59', '3.60', '3.61'],
    ...['3.63', '3.64', '3.65', '3.66', '3.69', '3.70', '3.71', '4.0', 'latest', '', 'x', '3'],
  ],
}

const commonQueries: readonly string[] = [
  ...['limit=1', 'limit=0', 'limit=-1', 'limit=x', 'limit=99999', 'limit=', 'limit=1&limit=2'],
  ...['marker={unknown}', 'marker=', 'marker=x', 'offset=1', 'offset=-1', 'offset=x', 'nosuch=1', 'nosuch='],
  ...['sort_key=nosuch', 'sort_key=name', 'sort_key=name&sort_dir=up', 'sort_dir=desc', 'sort=name:asc', 'sort=name'],
  ...[
    'sort=nosuch:asc',
    'sort=name:up',
    'sort=',
    'name=',
    'name=nosuch',
    'status=nosuch',
    'id={unknown}',
    'name=a%2Fb',
  ],
  ...['all_tenants=1', 'all_tenants=x', 'project_id={unknown}', 'tenant_id={unknown}', 'fields=id', 'fields=nosuch'],
  ...['changes-since=x', 'changes-since=2026-01-01T00:00:00Z', 'created_at=gt:2026-01-01', 'description=nosuch'],
  ...['tags=nosuch', 'not-tags=nosuch', 'tags-any=nosuch', 'visibility=nosuch', 'owner={unknown}', 'shared=maybe'],
  ...[
    'name=%F0%9F%98%80',
    'name~=nosuch',
    'name__contains=nosuch',
    'enabled=maybe',
    'domain_id=nosuch',
    'page_reverse=true',
  ],
]

const contentTypes = ['', 'text/plain', 'application/xml', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'x']
const accepts = ['', '*/*', 'application/xml', 'text/html', 'text/plain', 'application/json;version=1']
const methods = ['OPTIONS', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'POST', 'GET']
const texts = ['', '{', '[]', 'null', '"x"', '1', '{}', '{"a": 1, "a": 2}', 'x', '\u0000']

/** Makes the requests of one service; each is known by its number. */
export class Generator {
  readonly #service: Service
  readonly #routes: readonly PublishedRoute[]
  readonly #seed: string

  constructor(service: Service, routes: readonly PublishedRoute[], seed: string) {
    this.#service = service
    const seen = new Set<string>()
    this.#routes = routes.filter((route) => {
      const name = nameOf(route)
      return seen.has(name) ? false : seen.add(name) !== undefined && !avoided.test(name)
    })
    this.#seed = seed
  }

  /** The request of a number. */
  at(number: number): Generated {
    const random = new SeededRandom(`${this.#seed}/${this.#service}/${number}`)
    const route = random.of(this.#routes)
    const what: string[] = []
    const body = bodyOf(this.#service, route)
    let request: Request = {
      service: this.#service,
      method: route.method,
      path: this.#filled(random, route, what),
      as: this.#person(random, what),
      ...(body === undefined ? {} : { body }),
    }
    const mistakes = random.chance(0.2) ? 2 : 1
    for (let i = 0; i < mistakes; i += 1) request = this.#changed(random, request, route, what)
    const known = versions[this.#service]
    if (known && random.chance(0.35)) {
      const version = random.of(known)
      what.push(`version ${version}`)
      request = { ...request, version }
    }
    return { request, route: nameOf(route), what }
  }

  #person(random: SeededRandom, what: string[]): TestUser {
    const roll = random.next()
    if (roll < 0.03) return noted(what, 'anonymous')
    if (roll < 0.05) return noted(what, 'bad-token')
    if (roll < 0.09) return noted(what, 'other')
    return roll < (this.#service === 'identity' ? 0.75 : 0.25) ? 'admin' : 'bosh'
  }

  #filled(random: SeededRandom, route: PublishedRoute, what: string[]): string {
    const segments = route.path.split('/')
    return segments
      .map((segment, index) => {
        if (!segment.startsWith(':')) return segment
        const known = placeholderOf(this.#service, route.path, segments[index - 1] ?? '', segment)
        if (known && random.chance(0.75)) return `{${known}}`
        const [name, value] = random.of(oddIds)
        what.push(`${segment}=${name}`)
        return value
      })
      .join('/')
  }

  #changed(random: SeededRandom, request: Request, route: PublishedRoute, what: string[]): Request {
    const roll = random.next()
    if (request.body !== undefined && roll < 0.6) {
      const mutation = mutate(random, request.body, random.chance(0.7) ? schemaOf(route, 'body') : undefined)
      what.push(mutation.what)
      return { ...request, body: mutation.value }
    }
    if (request.method === 'GET' && roll < 0.65) {
      const query = this.#query(random, route)
      what.push(`?${query}`)
      return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query}` }
    }
    return transport(random, request, what)
  }

  #query(random: SeededRandom, route: PublishedRoute): string {
    const schema = schemaOf(route, 'query')
    const properties = Object.keys((schema?.['properties'] ?? {}) as object)
    if (properties.length === 0 || random.chance(0.5)) return random.of(commonQueries)
    const value = random.of(['nosuch', '{unknown}', '', '1', '-1', 'true', 'x'.repeat(256)])
    return `${random.of(properties)}=${value}`
  }
}

const noted = (what: string[], person: TestUser): TestUser => {
  what.push(`as ${person}`)
  return person
}

const oddIds: readonly (readonly [string, string])[] = [
  ['unknown', '{unknown}'],
  ['no uuid', 'notauuid'],
  ['slash', 'a%2Fb'],
  ['block', '10.0.0.0%2F24'],
  ['raw slash', '10.0.0.0/24'],
  ['statistics', 'statistics'],
  ['detail', 'detail'],
  ['number', '1'],
  ['four-byte', '%F0%9F%98%80'],
  ['long', 'x'.repeat(300)],
]

/** Changes of method, path, headers and raw text that have nothing to do with the route. */
function transport(random: SeededRandom, request: Request, what: string[]): Request {
  const withHeader = (name: string, value: string): Request => {
    what.push(`${name}: ${value}`)
    return { ...request, headers: { ...request.headers, [name]: value } }
  }
  const at = (suffix: string, path: string): Request => {
    what.push(suffix)
    return { ...request, path }
  }
  switch (random.below(9)) {
    case 0:
      return at('trailing slash', `${request.path}/`)
    case 1:
      return at('.json', `${request.path}.json`)
    case 2:
      return at('double slash', `/${request.path}`.replace(/^\/\//, '/').replace(/(.)\//, '$1//'))
    case 3:
      return at('below', `${request.path}/nosuch`)
    case 4:
      return withHeader('content-type', random.of(contentTypes))
    case 5:
      return withHeader('accept', random.of(accepts))
    case 6: {
      const text = random.of(texts)
      what.push(`text ${text}`)
      const { body: _, ...rest } = request
      return request.method === 'GET' ? request : { ...rest, text }
    }
    case 7: {
      const version = random.of([
        'x-openstack-nova-api-version: 2.90',
        'openstack-api-version: COMPUTE 2.90',
        'openstack-api-version: compute',
        'openstack-api-version: volume 3.60, compute 2.60',
        'x-openstack-nova-api-version: x',
      ])
      const [name = '', value = ''] = version.split(': ')
      return withHeader(name, value)
    }
    default: {
      const method = random.of(methods)
      what.push(`method ${method}`)
      const { body, ...rest } = request
      return method === 'GET' || method === 'HEAD' || body === undefined ? { ...rest, method } : { ...request, method }
    }
  }
}

/** What would end the exploration itself, or the shared cloud of others. */
const avoided =
  /DELETE \/(images|flavors|types|networks|roles|regions|services|endpoints|domains|agents)$|os-services|os-agents|\/agents\/:|os-hosts|clusters|default-types|freeze|failover_host|set-log|\/cache|os-volume-manage|os-snapshot-manage|manageable|OS-FEDERATION|OS-OAUTH|OS-REVOKE|\/auth\/tokens\/OS-PKI|DELETE \/auth\/tokens|os-quota-class-sets|PUT \/os-quota|DELETE \/os-quota|static|\/password|ec2tokens|evacuate|migrate|forceDelete|os-force|os-assisted|os-fping|os-cells|os-baremetal|registered_limits|\/limits\/:|PUT \/OS-INHERIT|os-aggregates\/:.*\/action|network-segment|\/auto-allocated|auto_allocated/

const nameOf = ({ method, path, action }: PublishedRoute): string =>
  action === undefined ? `${method} ${path}` : `${method} ${path} ${action}`

const schemaOf = (route: PublishedRoute, part: 'body' | 'query'): JsonSchema | undefined =>
  route.schemas.filter((one) => one.part === part).at(-1)?.schema

const bodyOf = (service: Service, route: PublishedRoute): unknown => {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined
  const known = validBodies[service][nameOf(route)]
  if (known !== undefined) return known
  const schema = schemaOf(route, 'body')
  if (schema) return sampleOf(schema)
  return route.action === undefined ? {} : { [route.action]: null }
}

/** The prepared object that a path parameter names, by the segment in front of it. */
const placeholderOf = (service: Service, path: string, collection: string, parameter: string): string | undefined => {
  if (service !== 'identity') return objects[collection] ?? (parameter === ':user_id' ? 'user' : undefined)
  if (path.includes('application_credentials') && collection === 'users') return 'user'
  return identityObjects[collection]
}

const identityObjects: Readonly<Record<string, string>> = {
  projects: 'target_project',
  users: 'target_user',
  groups: 'group',
  roles: 'own_role',
  implies: 'own_role',
  services: 'own_service',
  regions: 'region',
  endpoints: 'endpoint',
  domains: 'own_domain',
}

const objects: Readonly<Record<string, string>> = {
  servers: 'server',
  volumes: 'volume',
  'os-volumes': 'volume',
  snapshots: 'snapshot',
  images: 'image',
  networks: 'network',
  subnets: 'subnet',
  ports: 'port',
  routers: 'router',
  floatingips: 'floatingip',
  'security-groups': 'security_group',
  subnetpools: 'subnetpool',
  loadbalancers: 'loadbalancer',
  listeners: 'listener',
  pools: 'pool',
  l7policies: 'l7policy',
  flavors: 'flavor_id',
  'os-keypairs': 'keypair',
  'os-server-groups': 'server_group',
  projects: 'project',
  users: 'user',
  roles: 'role',
  services: 'service',
  types: 'standard_type',
  'os-quota-sets': 'project',
  quotas: 'project',
  'os-simple-tenant-usage': 'project',
}
