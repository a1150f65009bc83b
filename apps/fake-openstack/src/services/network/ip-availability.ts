import type { Call } from '../../kernel/call.ts'
import { parseAddress, parseBlock } from './addresses.ts'
import { type NetworkRecord, networks, ports, type SubnetRecord, subnets } from './records.ts'

const totalOf = (subnet: SubnetRecord): number => {
  const pools = subnet.allocation_pools.map(({ start, end }) => {
    const [first, last] = [parseAddress(start), parseAddress(end)]
    return first && last ? Number(last.value - first.value) + 1 : 0
  })
  if (pools.length > 0) return pools.reduce((total, size) => total + size, 0)
  const block = parseBlock(subnet.cidr)
  return block ? 2 ** ((block.version === 4 ? 32 : 128) - block.prefix) : 0
}

const ofSubnet = (call: Call, subnet: SubnetRecord) => ({
  subnet_id: subnet.id,
  ip_version: subnet.ip_version,
  cidr: subnet.cidr,
  subnet_name: subnet.name,
  used_ips: call.store
    .of(ports)
    .where({ subnet: subnet.id })
    .reduce((used, port) => used + port.fixed_ips.filter((fixed) => fixed.subnet_id === subnet.id).length, 0),
  total_ips: totalOf(subnet),
})

/** How many addresses of a network's subnets there are, and how many of them ports have. */
export const ipAvailabilityOf = (call: Call, network: NetworkRecord, version?: number) => {
  const own = call.store
    .of(subnets)
    .where({ network: network.id })
    .filter((subnet) => version === undefined || subnet.ip_version === version)
    .map((subnet) => ofSubnet(call, subnet))
  return {
    network_id: network.id,
    network_name: network.name,
    tenant_id: network.project_id,
    project_id: network.project_id,
    subnet_ip_availability: own,
    used_ips: own.reduce((total, one) => total + one.used_ips, 0),
    total_ips: own.reduce((total, one) => total + one.total_ips, 0),
  }
}

/** The networks that an administrator's filters leave. */
export const ipAvailabilities = (call: Call, filters: ReadonlyMap<string, readonly string[]>) => {
  const versions = filters.get('ip_version')?.map(Number)
  const isWanted = (network: NetworkRecord): boolean =>
    (filters.get('network_id')?.includes(network.id) ?? true) &&
    (filters.get('network_name')?.includes(network.name) ?? true) &&
    (filters.get('project_id')?.includes(network.project_id) ?? true) &&
    (versions === undefined ||
      call.store
        .of(subnets)
        .where({ network: network.id })
        .some((subnet) => versions.includes(subnet.ip_version)))
  return call.store
    .of(networks)
    .all()
    .filter(isWanted)
    .map((network) => ipAvailabilityOf(call, network, versions?.length === 1 ? versions[0] : undefined))
}
