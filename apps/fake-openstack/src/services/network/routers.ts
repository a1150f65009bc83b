import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr, pythonStr } from '../../kernel/python-repr.ts'
import { blockHolds, parseAddress, parseBlock } from './addresses.ts'
import type { FixedIpRequest } from './allocation.ts'
import { type Body, commonAttributes, textAttribute } from './attribute.ts'
import { networkResource } from './networks.ts'
import { badResourceRequest, neutronError, routerNotFound } from './neutron-errors.ts'
import { createPortFor, deletePort } from './port-operations.ts'
import { fixedIps, hostRoutes, toBoolean, toInteger, toList, uuid } from './readers.ts'
import { type ExternalGateway, floatingIps, networks, ports, type RouterRecord, routers, subnets } from './records.ts'
import { changesOf, newRecord, type Resource } from './resource.ts'

interface GatewayRequest {
  network_id?: string
  enable_snat?: boolean
  external_fixed_ips?: FixedIpRequest[]
}

/** Routers. https://docs.openstack.org/api-ref/network/v2/#routers-routers */
export const routerResource: Resource<RouterRecord, 'name' | 'nameKey' | 'project', never> = {
  name: 'router',
  plural: 'routers',
  path: 'routers',
  collection: routers,
  notFound: routerNotFound,
  knowsMarkers: true,
  quota: 'router',
  attributes: {
    ...commonAttributes,
    name: textAttribute(255),
    description: textAttribute(255),
    admin_state_up: { post: 'optional', put: true, default: true, convert: toBoolean, filter: true, sort: true },
    status: { sort: true },
    // Any empty value takes the gateway away.
    external_gateway_info: { post: 'optional', put: true, convert: (value) => value || null, validate: gatewayInfo },
    routes: { put: true, convert: toList, validate: hostRoutes },
    availability_zones: {},
    availability_zone_hints: { post: 'optional', default: [] },
    flavor_id: { post: 'optional', sort: true },
    distributed: { post: 'optional', put: true, convert: toBoolean, isAdminOnly: true, isSetByAdminOnly: true },
    ha: { post: 'optional', put: true, convert: toBoolean, isAdminOnly: true, isSetByAdminOnly: true },
    ha_vr_id: { convert: toInteger, isAdminOnly: true },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, router) => router.project_id === call.projectId,
  scopes: (call) => [{ project: call.projectId }],
  view: (_, router) => ({
    name: router.name,
    admin_state_up: router.admin_state_up,
    status: router.status,
    external_gateway_info: router.external_gateway_info,
    availability_zones: [],
    availability_zone_hints: router.availability_zone_hints,
    routes: router.routes,
    flavor_id: null,
    distributed: router.distributed ?? false,
    ha: router.ha ?? false,
  }),
  create: (call, body) => {
    const router = call.store.of(routers).insert({
      ...newRecord(call, body, 1),
      name: body.get<string>('name') ?? '',
      admin_state_up: body.get<boolean>('admin_state_up') ?? true,
      status: 'ACTIVE',
      external_gateway_info: null,
      gateway_port_id: null,
      routes: [],
      availability_zone_hints: body.get<string[]>('availability_zone_hints') ?? [],
      distributed: body.get<boolean>('distributed') ?? false,
      ha: body.get<boolean>('ha') ?? false,
    })
    const gateway = body.get<GatewayRequest | null>('external_gateway_info')
    return gateway ? setGateway(call, router, gateway, 'create') : router
  },
  update: (call, router, body) => updateRouter(call, router, body),
  remove: (call, router) => {
    const attached = call.store
      .of(ports)
      .where({ device: router.id })
      .filter((port) => port.id !== router.gateway_port_id)
    if (attached.length > 0) {
      const ids = attached.map((port) => port.id).join(', ')
      throw neutronError(409, 'RouterInUse', `Router ${router.id} has ports still attached: ${ids}`)
    }
    if (router.gateway_port_id !== null) deletePort(call.context, router.gateway_port_id)
    call.store.of(routers).delete(router.id)
  },
}

const updateRouter = (call: Call, router: RouterRecord, body: Body): RouterRecord => {
  const gateway = body.get<GatewayRequest | null>('external_gateway_info')
  const routed = body.has('external_gateway_info') ? setGateway(call, router, gateway ?? {}, 'update') : router
  const changes = changesOf(body, ['name', 'description', 'admin_state_up', 'distributed', 'ha'])
  const routes = body.get<RouterRecord['routes']>('routes')
  if (routes) {
    checkNextHops(call, routed, routes)
    changes['routes'] = routes
  }
  return call.store.of(routers).update(router.id, changes as Partial<RouterRecord>) // values of its own attributes
}

/** Connects a router to an external network, or disconnects it when none is named. */
const setGateway = (
  call: Call,
  router: RouterRecord,
  gateway: GatewayRequest,
  verb: 'create' | 'update',
): RouterRecord => {
  refuseAdminParts(call, gateway, verb)
  const all = call.store.of(routers)
  const before = router.external_gateway_info
  const wanted = gateway.network_id
  if (before && wanted !== before.network_id && call.store.of(floatingIps).count('router', router.id) > 0) {
    throw neutronError(
      409,
      'RouterExternalGatewayInUseByFloatingIp',
      `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${before.network_id} is required by one or more floating IPs.`,
    )
  }
  if (before && wanted === before.network_id && !gateway.external_fixed_ips) {
    const enable_snat = gateway.enable_snat ?? before.enable_snat
    return all.update(router.id, { external_gateway_info: { ...before, enable_snat } })
  }
  if (router.gateway_port_id !== null) deletePort(call.context, router.gateway_port_id)
  if (wanted === undefined) return all.update(router.id, { external_gateway_info: null, gateway_port_id: null })
  const network = call.store.of(networks).get(wanted)
  if (!network || !(call.isAdmin || networkResource.isVisible(call, network))) throw networkResource.notFound(wanted)
  if (!network['router:external']) {
    throw badResourceRequest('router', `Network ${network.id} is not an external network`)
  }
  return connectGateway(call, router, network.id, gateway)
}

const connectGateway = (call: Call, router: RouterRecord, networkId: string, gateway: GatewayRequest): RouterRecord => {
  const port = createPortFor(call.context, {
    project_id: '',
    network_id: networkId,
    device_id: router.id,
    device_owner: 'network:router_gateway',
    fixed_ips: gateway.external_fixed_ips,
    status: 'ACTIVE',
  })
  const info: ExternalGateway = {
    network_id: networkId,
    external_fixed_ips: port.fixed_ips,
    enable_snat: gateway.enable_snat ?? true,
  }
  return call.store.of(routers).update(router.id, { external_gateway_info: info, gateway_port_id: port.id })
}

const refuseAdminParts = (call: Call, gateway: GatewayRequest, verb: 'create' | 'update'): void => {
  if (call.isAdmin) return
  const part = (['enable_snat', 'external_fixed_ips'] as const).find((name) => gateway[name] !== undefined)
  if (part === undefined) return
  const rule = `${verb}_router`
  const info = `${rule}:external_gateway_info`
  throw neutronError(
    403,
    'PolicyNotAuthorized',
    `(rule:${rule} and (rule:${info} and (rule:${info}:network_id and rule:${info}:${part}))) is disallowed by policy`,
  )
}

const checkNextHops = (call: Call, router: RouterRecord, routes: RouterRecord['routes']): void => {
  const blocks = call.store
    .of(ports)
    .where({ device: router.id })
    .flatMap((port) => port.fixed_ips)
    .flatMap(({ subnet_id }) => parseBlock(call.store.of(subnets).get(subnet_id)?.cidr ?? '') ?? [])
  for (const { nexthop } of routes) {
    const address = parseAddress(nexthop)
    if (address && blocks.some((block) => blockHolds(block, address))) continue
    throw neutronError(
      400,
      'InvalidRoutes',
      `Invalid format for routes: ${pythonRepr(routes)}, the nexthop is not connected with router`,
    )
  }
}

function gatewayInfo(value: unknown): string | undefined {
  if (value === null) return undefined
  if (!isObject(value)) return `'${pythonStr(value)}' is not a dictionary`
  const keys = Object.keys(value)
  if (keys.length === 0) return undefined
  if (!('network_id' in value)) {
    return `Validation of dictionary's keys failed. Expected keys: {'network_id'} Provided keys: {${keys.map((key) => `'${key}'`).join(', ')}}`
  }
  return (
    uuid(value['network_id']) ?? ('external_fixed_ips' in value ? fixedIps(value['external_fixed_ips']) : undefined)
  )
}
