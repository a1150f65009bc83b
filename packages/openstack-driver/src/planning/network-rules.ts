import type { DynamicNetwork, ManualNetwork, NetworkSpec, NetworkSpecs, VipNetwork } from '@openstack-cpi/cpi-core'
import { ipVersion } from './address.ts'
import type { NetworkCloudProperties } from './network-cloud-properties.ts'

/** A network that is on a NIC. */
export type WiredNetwork = ManualNetwork | DynamicNetwork

/** A network with its cloud properties read. */
export interface ReadNetwork<Spec extends NetworkSpec = NetworkSpec> {
  readonly spec: Spec
  readonly properties: NetworkCloudProperties
}

export function isManual(network: ReadNetwork): network is ReadNetwork<ManualNetwork> {
  return network.spec.type === 'manual'
}
function isDynamic(network: ReadNetwork): network is ReadNetwork<DynamicNetwork> {
  return network.spec.type === 'dynamic'
}
export function isVip(network: ReadNetwork): network is ReadNetwork<VipNetwork> {
  return network.spec.type === 'vip'
}
export function isWired(network: ReadNetwork): network is ReadNetwork<WiredNetwork> {
  return isManual(network) || isDynamic(network)
}

/** Whether a manual network is a delegated prefix that starts at its `ip`, and not one address (contract §7). */
export function isDelegatedPrefix({ prefix }: NetworkSpec): boolean {
  return prefix !== undefined && prefix !== '' && prefix !== '32' && prefix !== '128'
}

/** What is wrong with the networks as a set (driver spec §6.2). Words that operators know from the Ruby CPI are kept. */
export function networkProblems(networks: readonly ReadNetwork[]): string[] {
  const dynamic = networks.filter(isDynamic)
  return [
    ...networks.flatMap(typeProblem),
    ...(networks.some(isWired) ? [] : ['At least one dynamic or manual network should be defined']),
    ...(dynamic.length > 1 ? ['Only one dynamic network per instance should be defined'] : []),
    ...(networks.filter(isVip).length > 1 ? ['Only one VIP network per instance should be defined'] : []),
    ...networks.filter(isManual).flatMap(manualProblems),
    ...duplicateProblems(networks.filter(isManual)),
    ...nicGroupProblems(networks),
    ...dynamic.flatMap((network) => dynamicProblems(network, networks.filter(isWired).length)),
  ]
}

function typeProblem({ spec }: ReadNetwork): string[] {
  if (spec.type !== 'unknown') return []
  return [
    `Invalid network type '${spec.wireType}' of network '${spec.name}': OpenStack CPI can only handle 'dynamic', 'manual' and 'vip' network types`,
  ]
}

function manualProblems({ spec, properties }: ReadNetwork<ManualNetwork>): string[] {
  const problems: string[] = []
  if (properties.netId === undefined) problems.push(`Manual network must have net_id: network '${spec.name}' has none`)
  const version = ipVersion(spec.ip)
  if (version === undefined) problems.push(`Network '${spec.name}' has an invalid IP address '${spec.ip}'`)
  if (isDelegatedPrefix(spec) && !isPrefixLength(spec.prefix, version === 6 ? 128 : 32)) {
    problems.push(`Network '${spec.name}' has an invalid prefix '${spec.prefix}'`)
  }
  return problems
}

function isPrefixLength(prefix: string | undefined, most: number): boolean {
  return prefix !== undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most
}

/** One Neutron network carries one NIC of a VM, else the agent could not tell them apart by their routes. */
function duplicateProblems(manual: readonly ReadNetwork<ManualNetwork>[]): string[] {
  const nicByNetId = new Map<string, string>()
  return manual.flatMap(({ spec, properties: { netId } }) => {
    if (netId === undefined) return []
    const nic = spec.nicGroup === undefined ? `network ${spec.name}` : `group ${spec.nicGroup}`
    const earlier = nicByNetId.get(netId)
    nicByNetId.set(netId, earlier ?? nic)
    return earlier === undefined || earlier === nic ? [] : [`Manual network with id ${netId} is already defined`]
  })
}

function dynamicProblems({ spec, properties }: ReadNetwork<DynamicNetwork>, wiredCount: number): string[] {
  if (properties.netId !== undefined) return []
  if (wiredCount > 1) return [`Dynamic network '${spec.name}' needs a net_id, as the VM has further networks`]
  return needsPort(properties) ? [`Dynamic network '${spec.name}' needs a net_id for its port's properties`] : []
}

/** Whether a property can only be had by making the port ourselves (driver spec §5.2). */
export function needsPort(properties: NetworkCloudProperties): boolean {
  return (
    properties.subnetId !== undefined ||
    properties.portSecurityEnabled !== undefined ||
    properties.vnicType !== undefined ||
    properties.bindingProfile !== undefined ||
    properties.qosPolicyId !== undefined ||
    properties.dnsName !== undefined
  )
}

function nicGroupProblems(networks: readonly ReadNetwork[]): string[] {
  const groups = Map.groupBy(networks.filter(isWired), ({ spec }) => spec.nicGroup)
  const problems = [...groups].flatMap(([group, members]) => {
    if (group === undefined) return members.filter(({ spec }) => isDelegatedPrefix(spec)).map(lonelyPrefix)
    return oneGroupProblems(group, members)
  })
  const lost = networks.filter(isVip).filter(({ spec }) => spec.nicGroup !== undefined && !groups.has(spec.nicGroup))
  return [
    ...problems,
    ...lost.map(({ spec }) => `VIP network '${spec.name}' names nic_group '${spec.nicGroup}', which no network has`),
  ]
}

function lonelyPrefix({ spec }: ReadNetwork): string {
  return `Network '${spec.name}' is a delegated prefix: it needs a nic_group with a network of a single address`
}

/** At most one single address and one prefix per IP version, all on one cloud network (contract §7). */
function oneGroupProblems(group: string, members: readonly ReadNetwork<WiredNetwork>[]): string[] {
  const manual = members.filter(isManual)
  const problems: string[] = []
  if (manual.length < members.length && members.length > 1) {
    problems.push(`A dynamic network cannot share nic_group '${group}' with other networks`)
  }
  if (manual.length > 0 && manual.every(({ spec }) => isDelegatedPrefix(spec))) {
    problems.push(`nic_group '${group}' needs a network with a single address`)
  }
  if (new Set(manual.map(({ properties }) => properties.netId)).size > 1) {
    problems.push(`The networks of nic_group '${group}' must have the same net_id`)
  }
  const kinds = manual.map(({ spec }) => `IPv${ipVersion(spec.ip)} ${isDelegatedPrefix(spec) ? 'prefix' : 'address'}`)
  const doubled = new Set(kinds.filter((kind, index) => kinds.indexOf(kind) < index))
  problems.push(...[...doubled].map((kind) => `nic_group '${group}' has more than one ${kind}`))
  return problems
}

/**
 * The network that decides the VM's primary address: the one with `gateway` in `default`, else the first that is on a
 * NIC (contract §7).
 */
export function defaultNetwork(networks: NetworkSpecs): WiredNetwork | undefined {
  const wired = networks.filter((spec) => spec.type === 'manual' || spec.type === 'dynamic')
  return wired.find((spec) => spec.default.includes('gateway')) ?? wired[0]
}
