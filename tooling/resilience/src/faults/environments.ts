import type { HttpRequest, HttpResponse, SendHttp } from '@openstack-cpi/openstack-driver'

/** A cloud that differs from the fake in many requests of a call. */
export interface Environment {
  readonly name: string
  /** Its line in the table of outcomes. */
  readonly kind: string
  /** Whether the call may end in an error. */
  readonly mayFail?: boolean
  /** Fields that the call writes only where it can. */
  readonly bestEffort: readonly string[]
  /** Wraps the network of one call. */
  readonly wrap: (send: SendHttp) => SendHttp
}

/** An environment in which the call ends as usual. */
const usual = (name: string, kind = name) => ({ name, kind, bestEffort: ['description'] })

/** Parameters of a list that are no filters. */
const notFilters = new Set(['limit', 'marker', 'fields', 'sort_key', 'sort_dir', 'sort', 'offset', 'page_reverse'])

/** Whether a request is a list whose query selects some of the objects. */
export const isFilteredList = ({ method, url }: Pick<HttpRequest, 'method' | 'url'>): boolean =>
  method === 'GET' && [...url.searchParams.keys()].some((key) => !notFilters.has(key))

function withoutFilters(request: HttpRequest): HttpRequest {
  const url = new URL(request.url)
  for (const key of [...url.searchParams.keys()]) if (!notFilters.has(key)) url.searchParams.delete(key)
  return { ...request, url }
}

/** Services, plug-ins and facades that ignore filters they do not know: lists contain every object of the project. */
export const filtersIgnored: Environment = {
  ...usual('all filters ignored'),
  wrap: (send) => (request) => send(isFilteredList(request) ? withoutFilters(request) : request),
}

/** One list of the call ignores its filters. @param nth of the filtered lists of the call, from 0 */
export const filterIgnored = (nth: number): Environment => ({
  ...usual(`filters of list ${nth} ignored`, 'one filter ignored'),
  wrap: (send) => {
    let seen = 0
    return (request) => send(isFilteredList(request) && seen++ === nth ? withoutFilters(request) : request)
  },
})

/** Some Neutrons have no descriptions of ports. */
export const portDescriptionsRefused: Environment = {
  ...usual('port descriptions refused'),
  wrap: (send) => async (request) => {
    const isPort = /\/v2\.0\/ports(\/[^/]+)?$/.test(request.url.pathname)
    const hasDescription = typeof request.body === 'string' && request.body.includes('"description"')
    if (!isPort || !hasDescription) return await send(request)
    const message = "Unrecognized attribute(s) 'description'"
    return response(400, { NeutronError: { type: 'HTTPBadRequest', message, detail: '' } })
  },
}

const created = /"id": ?"([0-9a-f-]{36})"/

/** The replica that is asked first for a new object does not have it yet. */
export const laggingReplica: Environment = {
  ...usual('lagging replica'),
  wrap: (send) => {
    const unseen = new Set<string>()
    return async (request) => {
      const { pathname } = request.url
      if (request.method === 'GET' && unseen.delete(pathname)) return notFound(request)
      const answer = await send(request)
      const isCreation = request.method === 'POST' && answer.status < 300
      const [, newId] = isCreation ? (created.exec(answer.body) ?? []) : []
      if (newId !== undefined) unseen.add(`${pathname}/${newId}`)
      return answer
    }
  },
}

/** In the dialect of the service, as its own 404. */
function notFound({ url }: HttpRequest): HttpResponse {
  const message = 'The resource could not be found.'
  if (url.pathname.startsWith('/network/')) {
    return response(404, { NeutronError: { type: 'NotFound', message, detail: '' } })
  }
  if (url.pathname.startsWith('/load-balancer/')) {
    return response(404, { faultcode: 'Client', faultstring: message, debuginfo: null })
  }
  if (url.pathname.startsWith('/image/')) return response(404, { code: '404 Not Found', title: 'Not Found', message })
  return response(404, { itemNotFound: { code: 404, message } })
}

const response = (status: number, body: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-openstack-request-id': 'req-0e1f0000-0000-4000-8000-000000000000' },
  body: JSON.stringify(body),
})

/** A proxy or an ingress without a backend responds in place of the service, to one request of the call. */
export const proxyNotFound = (place: { readonly method: string; readonly path: string }, nth: number): Environment => ({
  name: `404 of a proxy to ${place.method} ${place.path} ${nth}`,
  kind: '404 of a proxy',
  mayFail: true,
  bestEffort: ['tags', 'name', 'hostname'],
  wrap: (send) => {
    let seen = 0
    return async (request) => {
      const isMeant = request.method === place.method && request.url.pathname === place.path && seen++ === nth
      if (!isMeant) return await send(request)
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'default backend - 404' }
    }
  },
})
