import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type Attributes, checkUpdateOfNone, readCreate } from './attribute.ts'
import { onlyFields, readFilters, readLimit, readSortKeys } from './list.ts'
import { internalError, malformed } from './neutron-errors.ts'
import { isExternalFor } from './rbac-access.ts'
import { networks, subnets } from './records.ts'
import { requireJson } from './resource-routes.ts'

const attributes: Attributes = {
  subnet_id: {},
  subnet_name: {},
  network_id: {},
  cidr: {},
  project_id: {},
  tenant_id: {},
}

const list = (call: Call) => {
  readFilters(call, {})
  const limit = readLimit(call)
  readSortKeys(call, attributes)
  // Neutron fails where it makes the links of a page.
  if (limit !== undefined) {
    const message = 'The server has either erred or is incapable of performing the requested operation.'
    throw new ApiError(500, message, { isWebob: true })
  }
  const external = call.store
    .of(networks)
    .all()
    .filter((network) => isExternalFor(call, network, call.projectId))
  const pools = external.flatMap((network) => call.store.of(subnets).where({ network: network.id }))
  return ok({
    floatingip_pools: pools
      .filter((subnet) => subnet.ip_version === 4)
      .map((subnet) => ({
        subnet_id: subnet.id,
        subnet_name: subnet.name,
        tenant_id: call.projectId,
        project_id: call.projectId,
        network_id: subnet.network_id,
        cidr: subnet.cidr,
      }))
      .map((pool) => onlyFields(call, pool)),
  })
}

/** Neutron has no method for one pool, and fails once the form of the request is right. */
const fail = (call: Call): never => {
  if (call.request.method === 'PUT') checkUpdateOfNone(call, { name: 'floatingip_pool', attributes })
  if (call.request.method === 'GET') {
    readFilters(call, {})
    readLimit(call)
    readSortKeys(call, attributes)
  }
  throw internalError()
}

const create = (call: Call): never => {
  const raw = call.rawJson
  if (raw !== undefined && !isObject(raw)) throw malformed('Body contains invalid data')
  if (!isObject(raw) || !('floatingip_pool' in raw)) {
    throw malformed("Unable to find 'floatingip_pool' in request body")
  }
  readCreate(call, { name: 'floatingip_pool', plural: 'floatingip_pools', attributes })
  throw internalError()
}

const paths = { one: '/floatingip_pools/:id', all: '/floatingip_pools' }

/** https://docs.openstack.org/api-ref/network/v2/#floating-ip-pools */
export const floatingIpPoolRoutes: readonly Route[] = (
  [
    { method: 'GET', path: paths.all, operation: 'floatingip_pools.list', handle: list },
    { method: 'POST', path: paths.all, operation: 'floatingip_pools.create', handle: create },
    { method: 'PUT', path: paths.all, operation: 'floatingip_pools.update-none', handle: fail },
    { method: 'DELETE', path: paths.all, operation: 'floatingip_pools.delete-none', handle: fail, body: 'presence' },
    { method: 'GET', path: paths.one, operation: 'floatingip_pools.show', handle: fail },
    { method: 'PUT', path: paths.one, operation: 'floatingip_pools.update', handle: fail },
    { method: 'DELETE', path: paths.one, operation: 'floatingip_pools.delete', handle: fail, body: 'presence' },
  ] satisfies Route[]
).map((route) => ({
  ...route,
  handle: (call) => {
    requireJson(call)
    return route.handle(call)
  },
}))
