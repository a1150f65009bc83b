import type { CloudContext } from '../../kernel/cloud-context.ts'
import { canonicalAddress } from './addresses.ts'
import { allocateAddresses, type FixedIpRequest } from './allocation.ts'
import { defaultGroupOf } from './default-group.ts'
import { networkNotFound, overQuota, portNotFound } from './neutron-errors.ts'
import { type FloatingIpRecord, floatingIps, networks, type PortRecord, ports } from './records.ts'

export interface PortRequest {
  project_id: string
  network_id: string
  name?: string
  /** Undefined lets Neutron choose. */
  fixed_ips?: readonly FixedIpRequest[] | undefined
  /** Ids; undefined means the project's default group. */
  security_groups?: readonly string[] | undefined
  device_id?: string
  /** `compute:<zone>`, `Octavia`, `network:router_interface`. */
  device_owner?: string
  host?: string
  status?: PortRecord['status']
}

/** The port by which a router stands at the gateway of a subnet. */
export const createInterfacePort = (
  context: CloudContext,
  router: { id: string; project_id: string },
  subnet: { id: string; network_id: string },
  gateway: string,
): PortRecord =>
  createPortFor(context, {
    project_id: router.project_id,
    network_id: subnet.network_id,
    device_id: router.id,
    device_owner: 'network:router_interface',
    fixed_ips: [{ subnet_id: subnet.id, ip_address: gateway }],
    status: 'ACTIVE',
  })

/**
 * Makes a port, as another service asks Neutron to. Throws Neutron's refusals: 404 unknown network, 409 `OverQuota`,
 * 409 address taken or none left, 400 address outside of the subnets.
 */
export const createPortFor = (context: CloudContext, request: PortRequest): PortRecord => {
  const network = context.store.of(networks).get(request.network_id)
  if (!network) throw networkNotFound(request.network_id)
  const used = context.store.of(ports).count('project', request.project_id)
  if (request.project_id !== '' && context.quotas.exceeded('network', request.project_id, 'port', used, 1)) {
    throw overQuota('port')
  }
  const now = context.clock.now()
  const mac_address = freeMac(context, network.id)
  const device_owner = request.device_owner ?? ''
  const isRouters = device_owner.startsWith('network:')
  const groups = request.security_groups ?? (isRouters ? [] : [defaultGroupOf(context, request.project_id).id])
  return context.store.of(ports).insert({
    id: context.ids.uuid(),
    name: request.name ?? '',
    project_id: request.project_id,
    network_id: network.id,
    network_project_id: network.project_id,
    mac_address,
    admin_state_up: true,
    status: request.status ?? 'DOWN',
    device_id: request.device_id ?? '',
    device_owner,
    fixed_ips: allocateAddresses(context, {
      network_id: network.id,
      device_owner,
      mac_address,
      fixed_ips: request.fixed_ips?.map(({ subnet_id, ip_address }) => ({
        subnet_id,
        ip_address: ip_address === undefined ? undefined : (canonicalAddress(ip_address) ?? ip_address),
      })),
    }),
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    security_groups: network.port_security_enabled ? groups : [],
    port_security_enabled: network.port_security_enabled && !isRouters,
    'binding:vnic_type': 'normal',
    'binding:host_id': request.host ?? '',
    'binding:profile': {},
    qos_policy_id: null,
    dns_name: '',
    description: '',
    tags: [],
    created_at: now,
    updated_at: now,
    revision_number: 1,
  })
}

/** Gives a free port to a server, or moves it to another host. It stays `DOWN` until `setPortStatus`. */
export const bindPort = (
  context: CloudContext,
  portId: string,
  binding: { device_id: string; device_owner: string; host?: string },
): PortRecord =>
  changePort(context, portId, {
    device_id: binding.device_id,
    device_owner: binding.device_owner,
    ...(binding.host === undefined ? {} : { 'binding:host_id': binding.host }),
  })

/** `ACTIVE` when the server runs, `DOWN` when it does not. */
export const setPortStatus = (context: CloudContext, portId: string, status: PortRecord['status']): PortRecord =>
  changePort(context, portId, { status })

/** Makes a port free again: no device, no host, `DOWN`. A missing port is fine. */
export const unbindPort = (context: CloudContext, portId: string): void => {
  if (!context.store.of(ports).has(portId)) return
  changePort(context, portId, { device_id: '', device_owner: '', 'binding:host_id': '', status: 'DOWN' })
}

/** Removes a port; its floating IPs lose their association. A missing port is fine. */
export const deletePort = (context: CloudContext, portId: string): void => {
  for (const floatingIp of context.store.of(floatingIps).where({ port: portId })) {
    releaseFloatingIp(context, floatingIp.id)
  }
  context.store.of(ports).delete(portId)
}

/** Removes a floating IP and the port that holds its address. */
export const deleteFloatingIp = (context: CloudContext, floatingIp: FloatingIpRecord): void => {
  context.store.of(floatingIps).delete(floatingIp.id)
  context.store.of(ports).delete(floatingIp.holder_port_id)
}

/** Takes a floating IP from its port; it goes `DOWN`. */
export const releaseFloatingIp = (context: CloudContext, floatingIpId: string): void => {
  context.store.of(floatingIps).update(floatingIpId, (record) => ({
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
    updated_at: context.clock.now(),
    revision_number: record.revision_number + 1,
  }))
}

/** Ports of a server, router or load balancer. */
export const portsOfDevice = (context: CloudContext, deviceId: string): PortRecord[] =>
  context.store.of(ports).where({ device: deviceId.toLowerCase() })

/** Replaces fields of a port and counts the revision. */
export const changePort = (context: CloudContext, portId: string, changes: Partial<PortRecord>): PortRecord => {
  const all = context.store.of(ports)
  if (!all.has(portId)) throw portNotFound(portId)
  return all.update(portId, (port) => ({
    ...changes,
    updated_at: context.clock.now(),
    revision_number: port.revision_number + 1,
  }))
}

/** A MAC that no port of the network has. */
export const freeMac = (context: CloudContext, networkId: string): string => {
  let mac = context.ids.mac()
  while (context.store.of(ports).count('mac', `${networkId}/${mac}`) > 0) mac = context.ids.mac()
  return mac
}

/** The port that has an address in a network, if any. */
export const portWithAddress = (context: CloudContext, networkId: string, address: string): PortRecord | undefined =>
  context.store.of(ports).find({ network: networkId, ip: address })
