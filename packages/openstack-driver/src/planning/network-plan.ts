import type { ManualNetwork, NetworkSpecs, VipNetwork } from '@openstack-cpi/cpi-core'
import { ipVersion } from './address.ts'
import type { AddressPair } from './cloud-property-shapes.ts'
import { invalidVm, invalidVmProblems } from './invalid-vm.ts'
import { type NetworkCloudProperties, readNetworkCloudProperties } from './network-cloud-properties.ts'
import {
  defaultNetwork,
  isDelegatedPrefix,
  isManual,
  isVip,
  isWired,
  needsPort,
  networkProblems,
  type ReadNetwork,
  type WiredNetwork,
} from './network-rules.ts'
import type { FixedIp, NicPlan, PortNic } from './nic-plan.ts'
import type { VmCloudProperties } from './vm-cloud-properties.ts'

/** The floating IP to map to one NIC once the server is active (driver spec §6.5). */
export interface VipPlan {
  readonly network: string
  readonly ip: string
  readonly nic: NicPlan
  /** Present: allocate the address from this external network if the project has none. */
  readonly allocateFrom?: string
}

/** BOSH networks as OpenStack sees them. */
export interface NetworkPlan {
  /** In the operator's order. */
  readonly nics: readonly NicPlan[]
  readonly defaultNic: NicPlan
  readonly defaultNetwork: WiredNetwork
  readonly vip?: VipPlan
  /** Each network's `security_groups`, vip networks included. */
  readonly networkSecurityGroups: readonly (readonly string[])[]
}

export interface NetworkPlanInput {
  readonly networks: NetworkSpecs
  readonly vm: Pick<VmCloudProperties, 'allowedAddressPairs' | 'vrrpPortCheck'>
  /** Configuration property `use_dhcp`. */
  readonly useDhcp: boolean
  /** Whether the server gets a config drive. */
  readonly hasConfigDrive: boolean
}

/** Turns BOSH networks into NICs. Throws `VmCreationFailed`, not to be retried, naming all broken rules of §6.2. */
export function planNetworks(input: NetworkPlanInput): NetworkPlan {
  const networks = readNetworks(input.networks)
  const main = defaultNetwork(input.networks)
  const problems = networkProblems(networks)
  if (main === undefined || problems.length > 0) throw invalidVmProblems('Invalid networks', problems)
  const nics = groupByNic(networks.filter(isWired)).map((members) => planNic(members, main, input.vm))
  const defaultNic = nicOf(nics, main.name)
  if (nics.length > 1 && (input.useDhcp || !input.hasConfigDrive)) {
    // With DHCP on several NICs the default route is arbitrary, and the metadata service may be out of reach.
    throw invalidVm(
      "Multiple manual networks can only be used with 'openstack.use_dhcp=false' and 'openstack.config_drive=cdrom|disk'",
    )
  }
  const vip = networks.find(isVip)
  return {
    nics,
    defaultNic,
    defaultNetwork: main,
    ...(vip === undefined ? {} : { vip: planVip(vip, networks, nics, defaultNic) }),
    networkSecurityGroups: networks.map(({ properties }) => properties.securityGroups),
  }
}

function readNetworks(specs: NetworkSpecs): ReadNetwork[] {
  const problems: string[] = []
  const networks = specs.flatMap((spec): ReadNetwork[] => {
    const outcome = readNetworkCloudProperties(spec.name, spec.cloudProperties)
    if ('value' in outcome) return [{ spec, properties: outcome.value }]
    problems.push(...outcome.problems)
    return []
  })
  if (problems.length > 0) throw invalidVmProblems('Invalid network cloud properties', problems)
  return networks
}

type Members = readonly [ReadNetwork<WiredNetwork>, ...ReadNetwork<WiredNetwork>[]]

function groupByNic(networks: readonly ReadNetwork<WiredNetwork>[]): Members[] {
  const nics = Map.groupBy(networks, ({ spec }) =>
    spec.nicGroup === undefined ? `network ${spec.name}` : `group ${spec.nicGroup}`,
  )
  return [...nics.values()].map(([first, ...others]) => [first as ReadNetwork<WiredNetwork>, ...others]) // groupBy makes no empty group
}

function planNic(members: Members, main: WiredNetwork, vm: NetworkPlanInput['vm']): NicPlan {
  const [first, ...others] = members
  const networks: NicPlan['networks'] = [first.spec.name, ...others.map(({ spec }) => spec.name)]
  const manual = members.filter(isManual)
  const properties = mergeProperties(members)
  const isDefault = members.some(({ spec }) => spec === main)
  const { netId } = properties
  if (manual.length === 0 && isDefault && vm.allowedAddressPairs.length > 0) {
    throw invalidVm(`VRRP is not supported for dynamic networks: network '${first.spec.name}' is dynamic`)
  }
  if (netId === undefined || (manual.length === 0 && !needsPort(properties))) {
    return { kind: 'server', networks, ...(netId === undefined ? {} : { networkId: netId }) }
  }
  const vrrp = isDefault ? vm.allowedAddressPairs : []
  const { portSecurityEnabled: portSecurity } = properties
  return {
    kind: 'port',
    networks,
    networkId: netId,
    fixedIps: fixedIps(manual, properties.subnetId),
    ...(portSecurity === undefined ? {} : { portSecurity }),
    addressPairs:
      portSecurity === false
        ? []
        : [...vrrp, ...manual.filter(({ spec }) => isDelegatedPrefix(spec)).map(toPrefixPair)],
    vrrpAddressesToCheck: (vm.vrrpPortCheck ?? properties.vrrpPortCheck ?? true) ? singleAddresses(vrrp) : [],
    ...portProperties(properties),
  }
}

/** What the first member that says something says; members of a `nic_group` are one NIC. */
function mergeProperties([first, ...others]: Members): NetworkCloudProperties {
  let merged = first.properties
  for (const { properties } of others) merged = { ...properties, ...merged }
  return merged
}

function portProperties(
  properties: NetworkCloudProperties,
): Pick<PortNic, 'vnicType' | 'bindingProfile' | 'qosPolicyId' | 'dnsName'> {
  return {
    ...(properties.vnicType === undefined ? {} : { vnicType: properties.vnicType }),
    ...(properties.bindingProfile === undefined ? {} : { bindingProfile: properties.bindingProfile }),
    ...(properties.qosPolicyId === undefined ? {} : { qosPolicyId: properties.qosPolicyId }),
    ...(properties.dnsName === undefined ? {} : { dnsName: properties.dnsName }),
  }
}

function fixedIps(manual: readonly ReadNetwork<ManualNetwork>[], portSubnetId: string | undefined): FixedIp[] {
  if (manual.length === 0) return portSubnetId === undefined ? [] : [{ subnetId: portSubnetId }]
  return manual
    .filter(({ spec }) => !isDelegatedPrefix(spec))
    .map(({ spec, properties: { subnetId } }) => ({
      ipAddress: spec.ip,
      ...(subnetId === undefined ? {} : { subnetId }),
    }))
}

/** Neutron delegates no prefixes to ports; it lets the port use the addresses (driver spec §6.3). */
function toPrefixPair({ spec }: ReadNetwork<ManualNetwork>): AddressPair {
  return { ipAddress: `${spec.ip}/${spec.prefix}` }
}

/** A CIDR is no address a port could hold, so only single ones can be checked. */
function singleAddresses(pairs: readonly AddressPair[]): string[] {
  return pairs.map(({ ipAddress }) => ipAddress).filter((address) => ipVersion(address) !== undefined)
}

function nicOf(nics: readonly NicPlan[], network: string): NicPlan {
  const nic = nics.find(({ networks }) => networks.includes(network))
  if (nic === undefined) throw invalidVm(`Network '${network}' is on no NIC`)
  return nic
}

function planVip(
  { spec, properties }: ReadNetwork<VipNetwork>,
  networks: readonly ReadNetwork[],
  nics: readonly NicPlan[],
  defaultNic: NicPlan,
): VipPlan {
  if (spec.ip === undefined || spec.ip === '') throw invalidVm(`No IP provided for vip network '${spec.name}'`)
  if (properties.allocate && properties.externalNetwork === undefined) {
    throw invalidVm(`Network '${spec.name}': 'allocate' needs 'network', the external network to allocate from`)
  }
  const partner = networks.filter(isWired).find((network) => network.spec.nicGroup === spec.nicGroup)
  return {
    network: spec.name,
    ip: spec.ip,
    nic: spec.nicGroup === undefined || partner === undefined ? defaultNic : nicOf(nics, partner.spec.name),
    ...(properties.allocate && properties.externalNetwork !== undefined
      ? { allocateFrom: properties.externalNetwork }
      : {}),
  }
}

/** The IPv4 among a NIC's addresses: the one a floating IP maps to on a dual-stack port (driver spec §6.5). */
export function ipv4Of(nic: PortNic): string | undefined {
  return nic.fixedIps
    .map(({ ipAddress }) => ipAddress)
    .find((address) => address !== undefined && ipVersion(address) === 4)
}
