import type { CloudContext } from '../../kernel/cloud-context.ts'
import { blockHolds, eui64Address, formatAddress, parseAddress, parseBlock } from './addresses.ts'
import { addressTaken, inconsistentInput, neutronError, subnetNotFound } from './neutron-errors.ts'
import { addressCursors, type FixedIp, ports, type SubnetRecord, subnets } from './records.ts'

/** What a port asks for: an address, a subnet, or both. */
export interface FixedIpRequest {
  subnet_id?: string | undefined
  ip_address?: string | undefined
}

export interface AllocationRequest {
  network_id: string
  device_owner: string
  mac_address: string
  /** Undefined lets Neutron choose: one IPv4 and one IPv6 address, as far as the network has subnets for them. */
  fixed_ips: readonly FixedIpRequest[] | undefined
}

/** True when a port has the address in that subnet. */
export const isTaken = (context: CloudContext, subnetId: string, address: string): boolean =>
  context.store.of(ports).count('address', `${subnetId}/${address}`) > 0

/** Addresses that hosts give themselves: SLAAC and stateless DHCPv6. */
export const isAutoAddressed = (subnet: SubnetRecord): boolean =>
  subnet.ipv6_address_mode === 'slaac' || subnet.ipv6_address_mode === 'dhcpv6-stateless'

const isRouterPort = (deviceOwner: string): boolean => deviceOwner.startsWith('network:router_')

/**
 * Addresses for a port, as Neutron's internal IPAM gives them: asked ones first, then free ones of the pools in order,
 * then those that follow from the MAC. Throws what Neutron answers (409 taken or exhausted, 400 not in the subnets).
 */
export const allocateAddresses = (context: CloudContext, request: AllocationRequest): FixedIp[] => {
  const candidates = candidateSubnets(context, request)
  const fixed: FixedIp[] = []
  const pooled: (readonly SubnetRecord[])[] = []
  if (request.fixed_ips !== undefined) {
    for (const wanted of request.fixed_ips) {
      const subnet = subnetFor(context, wanted, candidates, request)
      const automatic = isAutoAddressed(subnet) && request.device_owner !== 'network:router_interface'
      if (wanted.ip_address === undefined) {
        if (!automatic) pooled.push([subnet])
        continue
      }
      if (automatic) throw noChoiceOn(subnet, wanted.ip_address)
      fixed.push(claim(context, subnet, wanted.ip_address, fixed))
    }
  } else {
    const isV4 = (subnet: SubnetRecord): boolean => subnet.ip_version === 4
    const v4 = candidates.filter(isV4)
    const v6 = candidates.filter((subnet) => !isV4(subnet) && !isAutoAddressed(subnet))
    pooled.push(...[v4, v6].filter((group) => group.length > 0))
  }
  for (const group of pooled) fixed.push(fromPools(context, group, fixed, request.network_id))
  if (!isRouterPort(request.device_owner)) {
    for (const subnet of candidates.filter(isAutoAddressed)) {
      const block = parseBlock(subnet.cidr)
      if (block) fixed.push({ subnet_id: subnet.id, ip_address: eui64Address(block, request.mac_address) })
    }
  }
  return fixed
}

/** Subnets of the network whose service types fit the owner of the port; those with service types come first. */
const candidateSubnets = (context: CloudContext, { network_id, device_owner }: AllocationRequest): SubnetRecord[] => {
  const all = context.store.of(subnets).where({ network: network_id })
  const forAny = all.filter((subnet) => subnet.service_types.length === 0)
  const forOwner = all.filter((subnet) => subnet.service_types.some((type) => device_owner.startsWith(type)))
  if (all.length > 0 && forAny.length + forOwner.length === 0) {
    throw neutronError(
      409,
      'IpAddressGenerationFailureNoMatchingSubnet',
      `No valid service subnet for the given device owner, network ${network_id}, service type ${device_owner}.`,
    )
  }
  return [...forOwner, ...forAny]
}

const subnetFor = (
  context: CloudContext,
  wanted: FixedIpRequest,
  candidates: readonly SubnetRecord[],
  request: AllocationRequest,
): SubnetRecord => {
  if (candidates.length === 0) throw inconsistentInput('IP allocation requires subnets for network')
  const { subnet_id, ip_address } = wanted
  if (subnet_id !== undefined) {
    const subnet = candidates.find((one) => one.id === subnet_id)
    if (!subnet) {
      if (!context.store.of(subnets).has(subnet_id)) throw subnetNotFound(subnet_id)
      throw inconsistentInput(
        `Failed to create port on network ${request.network_id}, because fixed_ips included invalid subnet ${subnet_id}`,
      )
    }
    if (ip_address !== undefined && !isHostAddress(subnet, ip_address, request.device_owner)) {
      throw neutronError(
        400,
        'InvalidIpForSubnet',
        `IP address ${ip_address} is not a valid IP for the specified subnet.`,
      )
    }
    return subnet
  }
  if (ip_address === undefined) throw inconsistentInput('IP allocation requires subnet_id or ip_address')
  const subnet = candidates.find((one) => isHostAddress(one, ip_address, request.device_owner))
  if (subnet) return subnet
  throw neutronError(
    400,
    'InvalidIpForNetwork',
    `IP address ${ip_address} is not a valid IP for any of the subnets on the specified network.`,
  )
}

/**
 * In the block, and neither the network's own nor the broadcast address. In IPv6 ports of routers, and ports without an
 * owner, may have the block's first address.
 */
export const isHostAddress = (subnet: Pick<SubnetRecord, 'cidr'>, text: string, deviceOwner = ''): boolean => {
  const block = parseBlock(subnet.cidr)
  const address = parseAddress(text)
  if (!block || !address || !blockHolds(block, address)) return false
  if (block.version === 6) return address.value !== block.first || deviceOwner === '' || isRouterPort(deviceOwner)
  return address.value !== block.first && (block.prefix > 30 || address.value !== block.last)
}

const claim = (context: CloudContext, subnet: SubnetRecord, address: string, chosen: readonly FixedIp[]): FixedIp => {
  const isChosen = chosen.some((one) => one.subnet_id === subnet.id && one.ip_address === address)
  if (isChosen || isTaken(context, subnet.id, address)) throw addressTaken(address, subnet.id)
  return { subnet_id: subnet.id, ip_address: address }
}

const fromPools = (
  context: CloudContext,
  group: readonly SubnetRecord[],
  chosen: readonly FixedIp[],
  networkId: string,
): FixedIp => {
  for (const subnet of group) {
    const ip_address = nextFree(context, subnet, chosen)
    if (ip_address !== undefined) return { subnet_id: subnet.id, ip_address }
  }
  throw neutronError(409, 'IpAddressGenerationFailure', `No more IP addresses available on network ${networkId}.`)
}

/**
 * The next free address of the pools behind the one given last, so that an address is not reused immediately. A cursor
 * keeps the search short however many ports there are.
 */
const nextFree = (context: CloudContext, subnet: SubnetRecord, chosen: readonly FixedIp[]): string | undefined => {
  const pools = subnet.allocation_pools.map((pool) => ({ start: numberOf(pool.start), end: numberOf(pool.end) }))
  const cursors = context.store.of(addressCursors)
  const cursor = BigInt(cursors.get(subnet.id)?.next ?? '0')
  const rounds = [
    ...pools.map(({ start, end }) => ({ start: start > cursor ? start : cursor, end })),
    ...pools.map(({ start, end }) => ({ start, end: end < cursor ? end : cursor - 1n })),
  ]
  for (const { start, end } of rounds) {
    for (let value = start; value <= end; value += 1n) {
      const address = formatAddress(value, subnet.ip_version)
      if (isTaken(context, subnet.id, address)) continue
      if (chosen.some((one) => one.subnet_id === subnet.id && one.ip_address === address)) continue
      const next = String(value + 1n)
      if (cursors.has(subnet.id)) cursors.update(subnet.id, { next })
      else cursors.insert({ id: subnet.id, next })
      return address
    }
  }
  return undefined
}

const numberOf = (text: string): bigint => parseAddress(text)?.value ?? 0n

const noChoiceOn = (subnet: SubnetRecord, address: string) =>
  neutronError(
    400,
    'AllocationOnAutoAddressSubnet',
    `IPv6 address ${address} cannot be directly assigned to a port on subnet ${subnet.id} as the subnet is configured for automatic addresses`,
  )
