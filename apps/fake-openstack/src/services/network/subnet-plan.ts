import {
  type Address,
  type Block,
  blockHolds,
  blocksOverlap,
  formatAddress,
  parseAddress,
  parseBlock,
} from './addresses.ts'
import { inconsistentInput, neutronError } from './neutron-errors.ts'
import type { AddressRange } from './records.ts'

/** What a subnet is asked to be; addresses and blocks have the right form already. */
export interface SubnetParams {
  ip_version: 4 | 6
  block: Block
  /** Undefined lets Neutron choose, null is none. */
  gateway_ip: string | null | undefined
  allocation_pools: readonly AddressRange[] | undefined
  enable_dhcp: boolean
  ipv6_ra_mode: string | null
  ipv6_address_mode: string | null
  host_routes: readonly { destination: string; nexthop: string }[]
  dns_nameservers: readonly string[]
}

/** The gateway of a subnet: as asked, or the first host address; in IPv6 the block's own address. */
export const gatewayOf = ({ block, gateway_ip }: Pick<SubnetParams, 'block' | 'gateway_ip'>): string | null => {
  if (gateway_ip !== undefined) return gateway_ip
  return formatAddress(block.version === 6 ? block.first : block.first + 1n, block.version)
}

/** Refuses what makes no sense together, in Neutron's order. */
export const checkSubnet = (params: SubnetParams, shown: string): void => {
  const { block, ip_version } = params
  if (block.version !== ip_version) {
    throw inconsistentInput(`cidr '${shown}' does not match the ip_version '${ip_version}'`)
  }
  if (params.enable_dhcp) checkDhcp(block)
  if (params.gateway_ip !== undefined && params.gateway_ip !== null) checkGateway(params.gateway_ip, block)
  for (const server of params.dns_nameservers) checkVersion('dns_nameserver', server, ip_version)
  for (const route of params.host_routes) {
    checkVersion('destination', route.destination, ip_version)
    checkVersion('nexthop', route.nexthop, ip_version)
  }
  checkIpv6Modes(params)
}

const checkDhcp = (block: Block): void => {
  const bits = block.version === 4 ? 32 : 128
  if (block.first === 0n) {
    const zero = formatAddress(0n, block.version)
    throw inconsistentInput(`First IP '${zero}' of network is not supported if enable_dhcp is True.`)
  }
  if (block.version === 4 ? block.prefix > 30 : block.prefix > bits - 2) {
    throw inconsistentInput('Subnet has a prefix length that is incompatible with DHCP service enabled')
  }
  const top = block.first >> BigInt(bits - 8)
  if (block.version === 4 ? top >= 224n && top < 240n : top === 255n) {
    throw inconsistentInput('Multicast IP subnet is not supported if enable_dhcp is True')
  }
  if (block.version === 4 && top === 127n) {
    throw inconsistentInput('Loopback IP subnet is not supported if enable_dhcp is True')
  }
}

/** Refuses a gateway of the other family, and in IPv4 one on the first or last address. */
export const checkGateway = (gateway: string, block: Block): void => {
  const address = parseAddress(gateway)
  if (!address) return
  checkVersion('gateway_ip', gateway, block.version)
  const isEdge = address.value === block.first || address.value === block.last
  if (block.version === 4 && isEdge) throw inconsistentInput('Gateway is not valid on subnet')
}

const checkVersion = (attribute: string, value: string, version: 4 | 6): void => {
  const [host = ''] = value.split('/')
  if (parseAddress(host)?.version !== version) {
    throw inconsistentInput(`${attribute} '${value}' does not match the ip_version '${version}'`)
  }
}

const checkIpv6Modes = (params: SubnetParams): void => {
  const { ipv6_ra_mode, ipv6_address_mode } = params
  if (params.ip_version === 4) {
    if (ipv6_ra_mode !== null) throw inconsistentInput('ipv6_ra_mode is not valid when ip_version is 4')
    if (ipv6_address_mode !== null) throw inconsistentInput('ipv6_address_mode is not valid when ip_version is 4')
    return
  }
  if (ipv6_ra_mode === null && ipv6_address_mode === null) return
  if (!params.enable_dhcp) {
    throw inconsistentInput('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False')
  }
  if (ipv6_ra_mode !== null && ipv6_address_mode !== null && ipv6_ra_mode !== ipv6_address_mode) {
    throw inconsistentInput(
      `ipv6_ra_mode set to '${ipv6_ra_mode}' with ipv6_address_mode set to '${ipv6_address_mode}' is not valid. If both attributes are set, they must be the same value`,
    )
  }
  const isAutomatic = ipv6_address_mode !== null && ipv6_address_mode !== 'dhcpv6-stateful'
  if (isAutomatic && params.block.prefix !== 64) {
    throw inconsistentInput(
      `Invalid CIDR ${formatAddress(params.block.first, 6)}/${params.block.prefix} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the prefix to be /64`,
    )
  }
}

/** The pools: as asked and checked, or everything but the gateway. */
export const poolsOf = (
  params: Pick<SubnetParams, 'block' | 'allocation_pools'>,
  gateway: string | null,
): AddressRange[] => {
  if (params.allocation_pools) return checkedPools(params.allocation_pools, params.block, gateway)
  const { block } = params
  const { first, last } = hostRange(block)
  const split = gateway === null ? undefined : parseAddress(gateway)
  const range = (start: bigint, end: bigint): AddressRange[] =>
    start > end ? [] : [{ start: formatAddress(start, block.version), end: formatAddress(end, block.version) }]
  if (!split || !blockHolds(block, split) || split.value < first || split.value > last) return range(first, last)
  return [...range(first, split.value - 1n), ...range(split.value + 1n, last)]
}

const hostRange = (block: Block): { first: bigint; last: bigint } => {
  if (block.first === block.last) return { first: block.first, last: block.last }
  if (block.version === 6) return { first: block.first + 1n, last: block.last }
  return block.prefix <= 30
    ? { first: block.first + 1n, last: block.last - 1n }
    : { first: block.first, last: block.last }
}

const checkedPools = (pools: readonly AddressRange[], block: Block, gateway: string | null): AddressRange[] => {
  const { first, last } = hostRange(block)
  const cidr = `${formatAddress(block.first, block.version)}/${block.prefix}`
  const read: { text: string; start: Address; end: Address }[] = []
  for (const pool of pools) {
    const start = parseAddress(pool.start)
    const end = parseAddress(pool.end)
    if (!start || !end || start.version !== end.version || start.value > end.value) {
      throw invalidPool(`{'start': '${pool.start}', 'end': '${pool.end}'}`)
    }
    read.push({ text: `${pool.start}-${pool.end}`, start, end })
  }
  for (const { text, start, end } of read) {
    if (start.version !== block.version) throw invalidPool(text)
    if (start.value < first || end.value > last) {
      throw neutronError(
        400,
        'OutOfBoundsAllocationPool',
        `The allocation pool ${text} spans beyond the subnet cidr ${cidr}.`,
      )
    }
  }
  const asBlock = ({ start, end }: { start: Address; end: Address }): Block => ({
    version: start.version,
    prefix: 0,
    first: start.value,
    last: end.value,
  })
  for (const [i, one] of read.entries()) {
    const other = read.slice(i + 1).find((pool) => blocksOverlap(asBlock(one), asBlock(pool)))
    if (other) {
      throw neutronError(
        409,
        'OverlappingAllocationPools',
        `Found overlapping allocation pools: ${one.text} ${other.text} for subnet ${cidr}.`,
      )
    }
  }
  checkGatewayOutside(gateway, pools)
  return pools.map(({ start, end }) => ({ start, end }))
}

const invalidPool = (text: string) =>
  neutronError(400, 'InvalidAllocationPool', `The allocation pool ${text} is not valid.`)

/** Refuses a gateway that a pool would give to a port. */
export const checkGatewayOutside = (gateway: string | null, pools: readonly AddressRange[]): void => {
  const address = gateway === null ? undefined : parseAddress(gateway)
  for (const pool of address ? pools : []) {
    const start = parseAddress(pool.start)
    const end = parseAddress(pool.end)
    if (start && end && address && start.version === address.version) {
      if (address.value >= start.value && address.value <= end.value) {
        throw neutronError(
          409,
          'GatewayConflictWithAllocationPools',
          `Gateway ip ${gateway} conflicts with allocation pool ${pool.start}-${pool.end}.`,
        )
      }
    }
  }
}

/** True when two blocks in text share addresses. */
export const cidrsOverlap = (a: string, b: string): boolean => {
  const one = parseBlock(a)
  const other = parseBlock(b)
  return one !== undefined && other !== undefined && blocksOverlap(one, other)
}
