import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { badResourceRequest, neutronError, subnetNotFound } from './neutron-errors.ts'
import { changePort, createInterfacePort, deletePort } from './port-operations.ts'
import { portResource } from './ports.ts'
import { uuid } from './readers.ts'
import { floatingIps, type PortRecord, ports, type RouterRecord, type SubnetRecord, subnets } from './records.ts'
import { rulesOf } from './release-rules.ts'
import { visible } from './resource.ts'
import { routerResource } from './routers.ts'
import { cidrsOverlap } from './subnet-plan.ts'
import { subnetResource } from './subnets.ts'

/** Interfaces of routers: a port on a subnet. */
export const routerInterfaceRoutes: Route[] = [
  {
    method: 'PUT',
    path: '/routers/:id/add_router_interface',
    operation: 'routers.add_interface',
    handle: (call) => add(call),
  },
  {
    method: 'PUT',
    path: '/routers/:id/remove_router_interface',
    operation: 'routers.remove_interface',
    handle: (call) => remove(call),
  },
]

const add = (call: Call): Reply => {
  const router = visible(call, routerResource, call.param('id'))
  const { subnet_id, port_id } = readBody(call)
  if (subnet_id !== undefined && port_id !== undefined) {
    throw badResourceRequest('router', 'Cannot specify both subnet-id and port-id')
  }
  const port = port_id === undefined ? addSubnet(call, router, subnet_id ?? '') : addPort(call, router, port_id)
  return ok(viewOf(call, router, port))
}

const addSubnet = (call: Call, router: RouterRecord, subnetId: string): PortRecord => {
  const subnet = visible(call, subnetResource, subnetId)
  if (subnet.gateway_ip === null)
    throw badResourceRequest('router', 'Subnet for router interface must have a gateway IP')
  checkOverlap(call, router, subnet)
  return createInterfacePort(call.context, router, subnet, subnet.gateway_ip)
}

const addPort = (call: Call, router: RouterRecord, portId: string): PortRecord => {
  const port = visible(call, portResource, portId)
  if (port.device_id !== '') {
    throw neutronError(
      409,
      'PortInUse',
      `Unable to complete operation on port ${port.id} for network ${port.network_id}. Port already has an attached device ${port.device_id}.`,
    )
  }
  if (port.fixed_ips.length === 0) {
    throw badResourceRequest('router', 'A port with no fixed IPs cannot be added as a router interface')
  }
  for (const { subnet_id } of port.fixed_ips) {
    const subnet = call.store.of(subnets).get(subnet_id)
    if (subnet) checkOverlap(call, router, subnet)
  }
  return changePort(call.context, port.id, {
    device_id: router.id,
    device_owner: 'network:router_interface',
    status: 'ACTIVE',
  })
}

/** A router has one port on a subnet, and none on two that overlap. */
const checkOverlap = (call: Call, router: RouterRecord, subnet: SubnetRecord): void => {
  for (const port of call.store.of(ports).where({ device: router.id })) {
    for (const { subnet_id } of port.fixed_ips) {
      if (subnet_id === subnet.id) {
        throw badResourceRequest('router', `Router already has a port on subnet ${subnet.id}`)
      }
      const other = call.store.of(subnets).get(subnet_id)
      if (other && cidrsOverlap(other.cidr, subnet.cidr)) {
        throw badResourceRequest(
          'router',
          `Cidr ${subnet.cidr} of subnet ${subnet.id} overlaps with cidr ${other.cidr} of subnet ${other.id}`,
        )
      }
    }
  }
}

const remove = (call: Call): Reply => {
  const router = visible(call, routerResource, call.param('id'))
  const { subnet_id, port_id } = readBody(call)
  const port =
    port_id === undefined ? bySubnet(call, router, subnet_id ?? '') : byPort(call, router, port_id, subnet_id)
  const required = port.fixed_ips.find((fixed) => isRequired(call, router.id, fixed.subnet_id))
  if (required) {
    throw neutronError(
      409,
      'RouterInterfaceInUseByFloatingIP',
      `Router interface for subnet ${required.subnet_id} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`,
    )
  }
  deletePort(call.context, port.id)
  return ok(viewOf(call, router, port))
}

const bySubnet = (call: Call, router: RouterRecord, subnetId: string): PortRecord => {
  if (!call.store.of(subnets).has(subnetId)) throw subnetNotFound(subnetId)
  const port = call.store.of(ports).find({ device: router.id, subnet: subnetId })
  if (port && port.id !== router.gateway_port_id) return port
  throw neutronError(
    404,
    'RouterInterfaceNotFoundForSubnet',
    `Router ${router.id} has no interface on subnet ${subnetId}`,
  )
}

const byPort = (call: Call, router: RouterRecord, portId: string, subnetId: string | undefined): PortRecord => {
  const port = call.store.of(ports).get(portId)
  if (port?.device_id !== router.id || port.id === router.gateway_port_id) {
    throw neutronError(
      404,
      'RouterInterfaceNotFound',
      `Router ${router.id} does not have an interface with id ${portId}`,
    )
  }
  if (subnetId !== undefined && port.fixed_ips[0]?.subnet_id !== subnetId) {
    throw neutronError(
      409,
      'SubnetMismatchForPort',
      `Subnet on port ${portId} does not match the requested subnet ${subnetId}.`,
    )
  }
  return port
}

/** Does a floating IP of the router lead into the subnet? */
const isRequired = (call: Call, routerId: string, subnetId: string): boolean =>
  call.store
    .of(floatingIps)
    .where({ router: routerId })
    .some((floatingIp) => {
      const port = call.store.of(ports).get(floatingIp.port_id ?? '')
      return port?.fixed_ips.some(
        (fixed) => fixed.subnet_id === subnetId && fixed.ip_address === floatingIp.fixed_ip_address,
      )
    })

const readBody = (call: Call): { subnet_id: string | undefined; port_id: string | undefined } => {
  const body = isObject(call.rawJson) ? call.rawJson : {}
  const read = (name: string): string | undefined => {
    if (!(name in body)) return undefined
    const reason = uuid(body[name])
    if (reason !== undefined) throw badResourceRequest('router', reason)
    return String(body[name])
  }
  const asked = { subnet_id: read('subnet_id'), port_id: read('port_id') }
  if (asked.subnet_id === undefined && asked.port_id === undefined) {
    throw badResourceRequest('router', 'Either subnet_id or port_id must be specified')
  }
  return asked
}

const viewOf = (call: Call, router: RouterRecord, port: PortRecord): Record<string, unknown> => {
  const ids = port.fixed_ips.map((fixed) => fixed.subnet_id)
  return {
    id: router.id,
    [rulesOf(call).routerOwnerKey]: router.project_id,
    port_id: port.id,
    network_id: port.network_id,
    subnet_id: ids.at(-1),
    subnet_ids: ids,
  }
}
