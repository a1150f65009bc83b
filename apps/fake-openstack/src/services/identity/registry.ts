import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { catalogFor } from './catalog.ts'
import { domainDocument, listDocument, serviceDocument } from './documents.ts'
import { domains } from './records.ts'

const listDomains = (call: Call) => {
  const name = call.query.get('name')?.toLowerCase()
  const found = call.store.of(domains).where({ name })
  const documents = found.map((domain) => domainDocument(call, domain))
  return ok(listDocument(call, 'domains', documents))
}

/** Everybody may look at the domain of the own token. */
const showDomain = (call: Call) => {
  const id = call.param('domain_id')
  if (call.token.userDomain.id !== id && call.token.project?.domain.id !== id) {
    call.requireAdmin('identity:get_domain')
  }
  const domain = call.store.of(domains).get(id)
  if (!domain) throw notFound(`Could not find domain: ${id}.`)
  return ok({ domain: domainDocument(call, domain) })
}

const regionDocument = (call: Call, id: string) => ({
  id,
  description: '',
  parent_region_id: null,
  links: { self: `${call.serviceUrl}/v3/regions/${id}` },
})

const listRegions = (call: Call) =>
  ok(
    listDocument(
      call,
      'regions',
      call.context.settings.regions.map((id) => regionDocument(call, id)),
    ),
  )

const showRegion = (call: Call) => {
  const id = call.param('region_id')
  if (!call.context.settings.regions.includes(id)) throw notFound(`Could not find region: ${id}.`)
  return ok({ region: regionDocument(call, id) })
}

const listServices = (call: Call) => {
  const type = call.query.get('type')
  const name = call.query.get('name')
  const ids = new Map(catalogFor(call, call.token).map((service) => [service.type, service.id]))
  const documents = call.context.catalog
    .filter((service) => (type === null || service.type === type) && (name === null || service.project === name))
    .map((service) => serviceDocument(call, service, ids.get(service.type) ?? ''))
  return ok(listDocument(call, 'services', documents))
}

const listEndpoints = (call: Call) => {
  const { query } = call
  const wanted = (name: string, value: string) => !query.has(name) || query.get(name) === value
  const documents = catalogFor(call, call.token).flatMap((service) =>
    service.endpoints
      .filter(
        (endpoint) =>
          wanted('interface', endpoint.interface) &&
          wanted('service_id', service.id) &&
          wanted('region_id', endpoint.region_id),
      )
      .map((endpoint) => ({
        ...endpoint,
        service_id: service.id,
        enabled: true,
        links: { self: `${call.serviceUrl}/v3/endpoints/${endpoint.id}` },
      })),
  )
  return ok(listDocument(call, 'endpoints', documents))
}

const nothing = (key: string) => (call: Call) => ok(listDocument(call, key, []))
const admin = (policy: string) => ({ admin: `identity:${policy}` })

/** Domains, regions, services and endpoints, which a running cloud does not change. */
export const registryRoutes: readonly Route[] = [
  { method: 'GET', path: '/domains', operation: 'domains.list', access: admin('list_domains'), handle: listDomains },
  { method: 'GET', path: '/domains/:domain_id', operation: 'domains.show', handle: showDomain },
  { method: 'GET', path: '/regions', operation: 'regions.list', handle: listRegions },
  { method: 'GET', path: '/regions/:region_id', operation: 'regions.show', handle: showRegion },
  {
    method: 'GET',
    path: '/services',
    operation: 'services.list',
    access: admin('list_services'),
    handle: listServices,
  },
  {
    method: 'GET',
    path: '/endpoints',
    operation: 'endpoints.list',
    access: admin('list_endpoints'),
    handle: listEndpoints,
  },
  // Domain roles are not kept, so no user can scope to a domain through a role of its own.
  { method: 'GET', path: '/auth/domains', operation: 'auth-domains.list', handle: nothing('domains') },
]
