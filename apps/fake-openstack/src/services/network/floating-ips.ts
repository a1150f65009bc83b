import type { Call } from '../../kernel/call.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import { parseAddress } from './addresses.ts'
import { attributeForbidden, type Body, commonAttributes, textAttribute } from './attribute.ts'
import { networkResource } from './networks.ts'
import { badResourceRequest, floatingIpNotFound, neutronError } from './neutron-errors.ts'
import { createPortFor, deleteFloatingIp } from './port-operations.ts'
import { portDetails, portResource } from './ports.ts'
import { address, orNull, uuid } from './readers.ts'
import { type FloatingIpRecord, floatingIps, type PortRecord, ports, routers, subnets } from './records.ts'
import { newRecord, type Resource, visible } from './resource.ts'

/** The agent's report: the status follows the association by the next request. */
export const floatingIpStatus = defineLifecycle({
  name: 'floatingips.associate',
  collection: floatingIps,
  steps: [
    {
      name: 'reported',
      afterMs: 0,
      apply: (record) => {
        const status: FloatingIpRecord['status'] = record.port_id === null ? 'DOWN' : 'ACTIVE'
        return status === record.status ? undefined : { status, revision_number: record.revision_number + 1 }
      },
    },
  ],
  fail: (): Partial<FloatingIpRecord> => ({ status: 'ERROR' }),
})

type FloatingIpIndex = 'project' | 'address' | 'port' | 'router' | 'network'

/** Floating IPs. https://docs.openstack.org/api-ref/network/v2/#floating-ips-floatingips */
export const floatingIpResource: Resource<FloatingIpRecord, FloatingIpIndex, never> = {
  name: 'floatingip',
  plural: 'floatingips',
  path: 'floatingips',
  collection: floatingIps,
  notFound: floatingIpNotFound,
  knowsMarkers: false,
  quota: 'floatingip',
  attributes: {
    ...commonAttributes,
    description: textAttribute(255),
    floating_ip_address: {
      post: 'optional',
      validate: orNull(address),
      filter: true,
      sort: true,
      isSetByAdminOnly: true,
    },
    subnet_id: { post: 'optional', validate: orNull(uuid), isHidden: true },
    floating_network_id: { post: 'required', validate: uuid, filter: true, sort: true },
    router_id: { filter: true, sort: true },
    port_id: { post: 'optional', put: true, validate: orNull(uuid), filter: true },
    fixed_ip_address: { post: 'optional', put: true, validate: orNull(address), filter: true, sort: true },
    status: { filter: true, sort: true },
    port_details: {},
  },
  indexes: {
    project_id: 'project',
    floating_ip_address: 'address',
    port_id: 'port',
    router_id: 'router',
    floating_network_id: 'network',
  },
  isVisible: (call, floatingIp) => floatingIp.project_id === call.projectId,
  scopes: (call) => [{ project: call.projectId }],
  view: (call, floatingIp) => ({
    floating_ip_address: floatingIp.floating_ip_address,
    floating_network_id: floatingIp.floating_network_id,
    router_id: floatingIp.router_id,
    port_id: floatingIp.port_id,
    fixed_ip_address: floatingIp.fixed_ip_address,
    status: floatingIp.status,
    port_details: detailsOf(call, floatingIp.port_id),
  }),
  create: (call, body) => allocate(call, body),
  update: (call, floatingIp, body) => {
    const description = body.get<string>('description')
    const port_id = body.get<string | null>('port_id') ?? null
    const fixed = body.get<string | null>('fixed_ip_address') ?? null
    // A request that changes something else only leaves the port; any other without a port takes it away.
    const isAboutPort = body.has('port_id') || body.has('fixed_ip_address') || !body.has('description')
    const association = isAboutPort ? associationFor(call, floatingIp, port_id, fixed) : {}
    const changed = call.store.of(floatingIps).update(floatingIp.id, {
      ...association,
      ...(description === undefined ? {} : { description }),
    })
    call.context.lifecycle.start(floatingIpStatus, changed.id)
    return changed
  },
  remove: (call, floatingIp) => {
    call.context.lifecycle.cancel(floatingIps, floatingIp.id)
    deleteFloatingIp(call.context, floatingIp)
  },
}

const allocate = (call: Call, body: Body): FloatingIpRecord => {
  const asked = body.get<string | null>('floating_ip_address') ?? undefined
  if (asked !== undefined && !call.isAdmin) throw attributeForbidden('create', 'floatingip', 'floating_ip_address')
  const network = visible(call, networkResource, body.get<string>('floating_network_id') ?? '')
  if (!network['router:external']) {
    throw badResourceRequest('floatingip', `Network ${network.id} is not a valid external network`)
  }
  const subnet_id = body.get<string | null>('subnet_id') ?? undefined
  const hasV4 = call.store
    .of(subnets)
    .where({ network: network.id })
    .some((subnet) => subnet.ip_version === 4)
  if (!hasV4) throw badResourceRequest('floatingip', `Network ${network.id} does not contain any IPv4 subnet`)
  const record = newRecord(call, body, 0)
  const holder = createPortFor(call.context, {
    project_id: '',
    network_id: network.id,
    device_id: record.id,
    device_owner: 'network:floatingip',
    status: 'N/A',
    fixed_ips: asked === undefined && subnet_id === undefined ? undefined : [{ ip_address: asked, subnet_id }],
  })
  const floatingIp: FloatingIpRecord = {
    ...record,
    floating_ip_address: holder.fixed_ips[0]?.ip_address ?? '',
    floating_network_id: network.id,
    holder_port_id: holder.id,
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
  }
  const port_id = body.get<string | null>('port_id') ?? null
  const fixed = body.get<string | null>('fixed_ip_address') ?? null
  const association = associationFor(call, floatingIp, port_id, fixed)
  call.store.of(floatingIps).insert({ ...floatingIp, ...association })
  if (port_id !== null) call.context.lifecycle.start(floatingIpStatus, floatingIp.id)
  return { ...floatingIp, ...association }
}

type Association = Pick<FloatingIpRecord, 'port_id' | 'fixed_ip_address' | 'router_id'>

/** Where the address leads after a request; every reason that Neutron has against it is thrown. */
const associationFor = (
  call: Call,
  floatingIp: FloatingIpRecord,
  portId: string | null,
  fixedAddress: string | null,
): Association => {
  if (portId === null) {
    if (fixedAddress !== null) {
      throw badResourceRequest('floatingip', 'fixed_ip_address cannot be specified without a port_id')
    }
    return { port_id: null, fixed_ip_address: null, router_id: null }
  }
  const port = visible(call, portResource, portId)
  const fixed = fixedIpOf(port, fixedAddress)
  const network = floatingIp.floating_network_id
  const router_id = routerTo(call, network, fixed.subnet_id)
  if (router_id === undefined) {
    throw neutronError(
      404,
      'ExternalGatewayForFloatingIPNotFound',
      `External network ${network} is not reachable from subnet ${fixed.subnet_id}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
    )
  }
  const other = call.store
    .of(floatingIps)
    .where({ port: port.id })
    .find((one) => one.id !== floatingIp.id && one.fixed_ip_address === fixed.ip_address)
  if (other && other.floating_network_id === network) {
    throw neutronError(
      409,
      'FloatingIPPortAlreadyAssociated',
      `Cannot associate floating IP ${floatingIp.floating_ip_address} (${floatingIp.id}) with port ${port.id} using fixed IP ${fixed.ip_address}, as that fixed IP already has a floating IP on external network ${network}.`,
    )
  }
  return { port_id: port.id, fixed_ip_address: fixed.ip_address, router_id }
}

const fixedIpOf = (port: PortRecord, asked: string | null) => {
  if (asked !== null) {
    const fixed = port.fixed_ips.find((one) => one.ip_address === asked)
    if (fixed) return fixed
    throw badResourceRequest('floatingip', `Port ${port.id} does not have fixed ip ${asked}`)
  }
  const ipv4 = port.fixed_ips.filter((one) => parseAddress(one.ip_address)?.version === 4)
  const [first] = ipv4
  if (!first) {
    throw badResourceRequest('floatingip', `Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses`)
  }
  if (ipv4.length > 1) {
    throw badResourceRequest(
      'floatingip',
      `Port ${port.id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP`,
    )
  }
  return first
}

/** The router that has an interface in the subnet and its gateway on the external network. */
const routerTo = (call: Call, networkId: string, subnetId: string): string | undefined =>
  call.store
    .of(ports)
    .where({ subnet: subnetId, deviceOwner: 'network:router_interface' })
    .map((port) => call.store.of(routers).get(port.device_id))
    .find((router) => router?.external_gateway_info?.network_id === networkId)?.id

const detailsOf = (call: Call, portId: string | null): Record<string, unknown> | null => {
  const port = portId === null ? undefined : call.store.of(ports).get(portId)
  return port ? portDetails(port) : null
}
