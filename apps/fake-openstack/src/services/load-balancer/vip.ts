import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { parseAddress } from '../network/addresses.ts'
import { isHostAddress } from '../network/allocation.ts'
import { createPortFor } from '../network/port-operations.ts'
import { seesNetwork } from '../network/rbac-access.ts'
import { networks, type PortRecord, ports, type SubnetRecord, subnets } from '../network/records.ts'
import type { Values } from './fields.ts'
import type { LoadBalancerRecord } from './records.ts'

type Vip = Pick<LoadBalancerRecord, 'vip_address' | 'vip_port_id' | 'vip_subnet_id' | 'vip_network_id' | 'ownsVipPort'>

/** The port of the virtual address: the one named, or a new one in Neutron. */
export const placeVip = (call: Call, loadBalancerId: string, projectId: string, values: Values): Vip => {
  const portId = values.get<string | null>('vip_port_id')
  if (portId !== null) return vipOf(userPort(call, projectId, portId), false)
  const wanted = values.get<string | null>('vip_address') ?? undefined
  const subnet = subnetOf(call, projectId, values, wanted)
  return vipOf(vipPort(call, loadBalancerId, projectId, subnet, wanted), true)
}

const vipOf = (port: PortRecord, ownsVipPort: boolean): Vip => ({
  vip_address: port.fixed_ips[0]?.ip_address ?? '',
  vip_port_id: port.id,
  vip_subnet_id: port.fixed_ips[0]?.subnet_id ?? '',
  vip_network_id: port.network_id,
  ownsVipPort,
})

const userPort = (call: Call, projectId: string, id: string): PortRecord => {
  const port = call.store.of(ports).get(id)
  if (!port || (!call.isAdmin && port.project_id !== projectId)) throw badRequest(`Port ${id} not found.`)
  return port
}

/** The subnet named, or the one of the network named that fits the address; the first of IPv4 is preferred. */
const subnetOf = (call: Call, projectId: string, values: Values, wanted: string | undefined): SubnetRecord => {
  const subnetId = values.get<string | null>('vip_subnet_id')
  if (subnetId !== null) {
    const subnet = call.store.of(subnets).get(subnetId)
    if (!subnet || !isUsable(call, projectId, subnet.network_id)) throw badRequest(`Subnet ${subnetId} not found.`)
    return subnet
  }
  const networkId = values.get<string | null>('vip_network_id') ?? ''
  if (!isUsable(call, projectId, networkId)) throw badRequest(`Network ${networkId} not found.`)
  const all = call.store.of(subnets).where({ network: networkId })
  const fitting = all.filter((subnet) => wanted === undefined || isHostAddress(subnet, wanted))
  const subnet = fitting.find((one) => one.ip_version === 4) ?? fitting[0]
  if (!subnet) throw badRequest('Validation failure: Supplied VIP network has no subnet that fits the address.')
  return subnet
}

/** Own, shared and, for load balancers, external networks. */
const isUsable = (call: Call, projectId: string, networkId: string): boolean => {
  const network = call.store.of(networks).get(networkId)
  if (!network) return false
  return call.isAdmin || seesNetwork(call, network, projectId)
}

const vipPort = (
  call: Call,
  loadBalancerId: string,
  projectId: string,
  subnet: SubnetRecord,
  wanted: string | undefined,
): PortRecord => {
  if (wanted !== undefined && !parseAddress(wanted)) throw badRequest(`${wanted} is not an address.`)
  try {
    const port = createPortFor(call.context, {
      project_id: projectId,
      network_id: subnet.network_id,
      name: `octavia-lb-${loadBalancerId}`,
      device_id: `lb-${loadBalancerId}`,
      device_owner: 'Octavia',
      fixed_ips: [{ subnet_id: subnet.id, ip_address: wanted }],
    })
    return call.store.of(ports).update(port.id, { admin_state_up: false })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new ApiError(
      500,
      `Provider 'amphora' reports error: ${error.message}\nNeutron server returns request_ids: ['${call.requestId}']`,
    )
  }
}
