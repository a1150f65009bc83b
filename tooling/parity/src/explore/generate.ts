import type { TestUser } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
import type { Request } from '../session.ts'
import { mutate, sampleOf } from './mutate.ts'
import { oddities, validBodies } from './oddities.ts'
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

/** A changed request, and what was done to it. */
type Change = readonly [what: string, request: Request]

/** Makes the requests of one service from its routes; each is known by its number, and the same for the same seed. */
export function generatorOf(
  service: Service,
  published: readonly PublishedRoute[],
  seed: string,
): (number: number) => Generated {
  const routes = [...Map.groupBy(published, nameOf)].flatMap(([name, [route]]) =>
    route && !avoided.test(name) ? [route] : [],
  )
  return (number) => {
    const random = new SeededRandom(`${seed}/${service}/${number}`)
    const route = random.of(routes)
    const what: string[] = []
    const body = bodyOf(service, route)
    const path = filledPath(random, service, route.path, what)
    const as = drawUser(random, service)
    if (as !== 'bosh' && as !== 'admin') what.push(`as ${as}`)
    let request: Request = { service, method: route.method, path, as, ...(body === undefined ? {} : { body }) }
    const mistakes = random.chance(0.2) ? 2 : 1
    for (let i = 0; i < mistakes; i += 1) {
      const [done, changed] = changedRequest(random, request, route)
      what.push(done)
      request = changed
    }
    const known = oddities.versions[service]
    if (known && random.chance(0.35)) {
      const version = random.of(known)
      what.push(`version ${version}`)
      request = { ...request, version }
    }
    return { request, route: nameOf(route), what }
  }
}

function drawUser(random: SeededRandom, service: Service): TestUser {
  const roll = random.next()
  if (roll < 0.03) return 'anonymous'
  if (roll < 0.05) return 'bad-token'
  if (roll < 0.09) return 'other'
  return roll < (service === 'identity' ? 0.75 : 0.25) ? 'admin' : 'bosh'
}

function filledPath(random: SeededRandom, service: Service, path: string, what: string[]): string {
  const segments = path.split('/').map((segment, index, all) => {
    if (!segment.startsWith(':')) return segment
    const known = placeholderOf(service, path, all[index - 1] ?? '', segment)
    if (known && random.chance(0.75)) return `{${known}}`
    const [name, value] = random.of(oddities.ids)
    what.push(`${segment}=${name}`)
    return value
  })
  return segments.join('/')
}

function changedRequest(random: SeededRandom, request: Request, route: PublishedRoute): Change {
  const roll = random.next()
  if (request.body !== undefined && roll < 0.6) {
    const { what, value } = mutate(random, request.body, random.chance(0.7) ? schemaOf(route, 'body') : undefined)
    return [what, { ...request, body: value }]
  }
  if (request.method === 'GET' && roll < 0.65) {
    const query = drawQuery(random, route)
    return [`?${query}`, { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query}` }]
  }
  return random.of(transports)(request, random)
}

function drawQuery(random: SeededRandom, route: PublishedRoute): string {
  const properties = Object.keys((schemaOf(route, 'query')?.['properties'] ?? {}) as object)
  if (properties.length === 0 || random.chance(0.5)) return random.of(oddities.queries)
  const value = random.of(oddities.queryValues)
  return `${random.of(properties)}=${value}`
}

/** Changes of method, path, headers and raw text that have nothing to do with the route. */
const transports: readonly ((request: Request, random: SeededRandom) => Change)[] = [
  (request) => ['trailing slash', { ...request, path: `${request.path}/` }],
  (request) => ['.json', { ...request, path: `${request.path}.json` }],
  (request) => [
    'double slash',
    { ...request, path: `/${request.path}`.replace(/^\/\//, '/').replace(/(.)\//, '$1//') },
  ],
  (request) => ['below', { ...request, path: `${request.path}/nosuch` }],
  (request, random) => withHeader(request, 'content-type', random.of(oddities.contentTypes)),
  (request, random) => withHeader(request, 'accept', random.of(oddities.accepts)),
  ({ body, ...rest }, random) => {
    const text = random.of(oddities.texts)
    return [`text ${text}`, rest.method === 'GET' ? { ...rest, body } : { ...rest, text }]
  },
  (request, random) => {
    const [name = '', value = ''] = random.of(oddities.versionHeaders).split(': ')
    return withHeader(request, name, value)
  },
  (request, random) => {
    const method = random.of(oddities.methods)
    const { body: _, ...rest } = request
    return [`method ${method}`, { ...(method === 'GET' || method === 'HEAD' ? rest : request), method }]
  },
]

const withHeader = (request: Request, name: string, value: string): Change => [
  `${name}: ${value}`,
  { ...request, headers: { ...request.headers, [name]: value } },
]

/** What would end the exploration itself, or the shared cloud of others. */
const avoided = new RegExp(oddities.avoided.join('|'))

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
  if (service !== 'identity') return oddities.objects[collection] ?? (parameter === ':user_id' ? 'user' : undefined)
  if (path.includes('application_credentials') && collection === 'users') return 'user'
  return oddities.identityObjects[collection]
}
