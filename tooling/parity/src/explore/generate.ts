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
    const known = oddities.versions[this.#service]
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
        const [name, value] = random.of(oddities.ids)
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
    if (properties.length === 0 || random.chance(0.5)) return random.of(oddities.queries)
    const value = random.of(oddities.queryValues)
    return `${random.of(properties)}=${value}`
  }
}

const noted = (what: string[], person: TestUser): TestUser => {
  what.push(`as ${person}`)
  return person
}

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
      return withHeader('content-type', random.of(oddities.contentTypes))
    case 5:
      return withHeader('accept', random.of(oddities.accepts))
    case 6: {
      const text = random.of(oddities.texts)
      what.push(`text ${text}`)
      const { body: _, ...rest } = request
      return request.method === 'GET' ? request : { ...rest, text }
    }
    case 7: {
      const version = random.of(oddities.versionHeaders)
      const [name = '', value = ''] = version.split(': ')
      return withHeader(name, value)
    }
    default: {
      const method = random.of(oddities.methods)
      what.push(`method ${method}`)
      const { body, ...rest } = request
      return method === 'GET' || method === 'HEAD' || body === undefined ? { ...rest, method } : { ...request, method }
    }
  }
}

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
