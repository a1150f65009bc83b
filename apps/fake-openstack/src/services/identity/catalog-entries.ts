import { ApiError, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind } from '../../kernel/dialects/keystone.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { catalogFor } from './catalog.ts'
import { listDocument } from './documents.ts'
import { filtered } from './filters.ts'
import { type EndpointRecord, endpoints, regions, type ServiceRecord, services } from './records.ts'
import { hasRegion } from './regions.ts'
import { checkId, readBody } from './schemas.ts'

/** Services and endpoints of the catalog as records: those that the cloud is made of, then the added ones. */
const allServices = (call: Call): readonly ServiceRecord[] => [
  ...catalogFor(call, call.token, { isOwnOnly: true }).map(({ id, type, name }) => ({
    id,
    type,
    name,
    enabled: true,
    extra: {},
  })),
  ...call.store.of(services).all(),
]

const allEndpoints = (call: Call): readonly EndpointRecord[] => [
  ...catalogFor(call, call.token, { isOwnOnly: true }).flatMap((service) =>
    service.endpoints.map((endpoint) => ({
      id: endpoint.id,
      service_id: service.id,
      interface: endpoint.interface,
      region_id: endpoint.region_id,
      url: endpoint.url,
      enabled: true,
      extra: {},
    })),
  ),
  ...call.store.of(endpoints).all(),
]

const serviceDocument = (call: Call, service: ServiceRecord) => ({
  name: service.name,
  id: service.id,
  type: service.type,
  enabled: service.enabled,
  ...service.extra,
  links: { self: `${call.serviceUrl}/v3/services/${service.id}` },
})

const endpointDocument = (call: Call, endpoint: EndpointRecord) => ({
  id: endpoint.id,
  interface: endpoint.interface,
  region_id: endpoint.region_id,
  region: endpoint.region_id,
  service_id: endpoint.service_id,
  url: endpoint.url,
  enabled: endpoint.enabled,
  ...endpoint.extra,
  links: { self: `${call.serviceUrl}/v3/endpoints/${endpoint.id}` },
})

const findService = (call: Call): ServiceRecord => {
  const id = call.param('service_id')
  const service = allServices(call).find((one) => one.id === id)
  if (!service) throw notFound(`Could not find service: ${id}.`)
  return service
}

const findEndpoint = (call: Call): EndpointRecord => {
  const id = call.param('endpoint_id')
  const endpoint = allEndpoints(call).find((one) => one.id === id)
  if (!endpoint) throw notFound(`Could not find endpoint: ${id}.`)
  return endpoint
}

/** The fake's own services are where they are; only added ones change. */
const refuseOwn = (isAdded: boolean): void => {
  if (!isAdded) throw new ApiError(501, 'The fake does not model changes of the services that it is made of.')
}

const listServices = (call: Call) => {
  const documents = allServices(call).map((service) => serviceDocument(call, service))
  // The name has no column.
  return ok(listDocument(call, 'services', filtered(call, documents, { type: 'text', name: 'exact' })))
}

const createService = (call: Call) => {
  const body = readBody(call, 'service', 'create')
  const service = call.store.of(services).insert({
    id: call.context.ids.hex(),
    type: body.text('type') ?? '',
    name: body.text('name') ?? '',
    enabled: body.flag('enabled') ?? true,
    extra: body.extra,
  })
  return created({ service: serviceDocument(call, service) })
}

const updateService = (call: Call) => {
  const body = readBody(call, 'service', 'update')
  checkId(body, call.param('service_id'))
  const before = findService(call)
  refuseOwn(call.store.of(services).has(before.id))
  const service = call.store.of(services).update(before.id, {
    type: body.text('type') ?? before.type,
    name: body.text('name') ?? before.name,
    enabled: body.flag('enabled') ?? before.enabled,
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ service: serviceDocument(call, service) })
}

const removeService = (call: Call) => {
  const { id } = findService(call)
  refuseOwn(call.store.of(services).has(id))
  const all = call.store.of(endpoints)
  for (const endpoint of all.where({ service: id })) all.delete(endpoint.id)
  call.store.of(services).delete(id)
  return noContent()
}

const listEndpoints = (call: Call) => {
  const documents = allEndpoints(call).map((endpoint) => endpointDocument(call, endpoint))
  const fields = { interface: 'text', service_id: 'text', region_id: 'text' } as const
  return ok(listDocument(call, 'endpoints', filtered(call, documents, fields)))
}

/** The service and region that an endpoint names; the old key `region` makes a region that is not there. */
const placeOf = (
  call: Call,
  body: ReturnType<typeof readBody>,
): { region_id: string | null; service_id: string | undefined } => {
  const service_id = body.text('service_id')
  const named = body.text('region_id')
  if (named !== undefined && !hasRegion(call, named)) throw expectingToFind('endpoint region_id', 'region table')
  const old = named === undefined ? body.text('region') : undefined
  if (old !== undefined && !hasRegion(call, old)) {
    call.store.of(regions).insert({ id: old, description: '', parent_region_id: null, extra: {} })
  }
  if (service_id !== undefined && !allServices(call).some((service) => service.id === service_id)) {
    throw expectingToFind('endpoint service_id', 'service table')
  }
  return { region_id: named ?? old ?? null, service_id }
}

const createEndpoint = (call: Call) => {
  const body = readBody(call, 'endpoint', 'create')
  const { region_id, service_id = '' } = placeOf(call, body)
  const endpoint = call.store.of(endpoints).insert({
    id: call.context.ids.hex(),
    service_id,
    interface: body.text('interface') ?? '',
    region_id,
    url: body.text('url') ?? '',
    enabled: body.flag('enabled') ?? true,
    extra: body.extra,
  })
  return created({ endpoint: endpointDocument(call, endpoint) })
}

const updateEndpoint = (call: Call) => {
  const body = readBody(call, 'endpoint', 'update')
  checkId(body, call.param('endpoint_id'))
  const before = findEndpoint(call)
  refuseOwn(call.store.of(endpoints).has(before.id))
  const { region_id, service_id } = placeOf(call, body)
  const endpoint = call.store.of(endpoints).update(before.id, {
    service_id: service_id ?? before.service_id,
    interface: body.text('interface') ?? before.interface,
    region_id: region_id ?? before.region_id,
    url: body.text('url') ?? before.url,
    enabled: body.flag('enabled') ?? before.enabled,
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ endpoint: endpointDocument(call, endpoint) })
}

const removeEndpoint = (call: Call) => {
  const { id } = findEndpoint(call)
  refuseOwn(call.store.of(endpoints).has(id))
  call.store.of(endpoints).delete(id)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const service = '/services/:service_id'
const endpoint = '/endpoints/:endpoint_id'

/** https://docs.openstack.org/api-ref/identity/v3/#service-catalog-and-endpoints */
export const catalogEntryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/services',
    operation: 'services.list',
    access: admin('list_services'),
    handle: listServices,
  },
  {
    method: 'POST',
    path: '/services',
    operation: 'services.create',
    access: admin('create_service'),
    handle: createService,
  },
  {
    method: 'GET',
    path: service,
    operation: 'services.show',
    access: admin('get_service'),
    handle: (call) => ok({ service: serviceDocument(call, findService(call)) }),
  },
  {
    method: 'PATCH',
    path: service,
    operation: 'services.update',
    access: admin('update_service'),
    handle: updateService,
  },
  {
    method: 'DELETE',
    path: service,
    operation: 'services.delete',
    access: admin('delete_service'),
    handle: removeService,
  },
  {
    method: 'GET',
    path: '/endpoints',
    operation: 'endpoints.list',
    access: admin('list_endpoints'),
    handle: listEndpoints,
  },
  {
    method: 'POST',
    path: '/endpoints',
    operation: 'endpoints.create',
    access: admin('create_endpoint'),
    handle: createEndpoint,
  },
  {
    method: 'GET',
    path: endpoint,
    operation: 'endpoints.show',
    access: admin('get_endpoint'),
    beforeRole: findEndpoint,
    handle: (call) => ok({ endpoint: endpointDocument(call, findEndpoint(call)) }),
  },
  {
    method: 'PATCH',
    path: endpoint,
    operation: 'endpoints.update',
    access: admin('update_endpoint'),
    beforeRole: findEndpoint,
    handle: updateEndpoint,
  },
  {
    method: 'DELETE',
    path: endpoint,
    operation: 'endpoints.delete',
    access: admin('delete_endpoint'),
    beforeRole: findEndpoint,
    handle: removeEndpoint,
  },
]
