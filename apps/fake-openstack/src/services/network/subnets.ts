import type { Call } from '../../kernel/call.ts'
import { type Block, formatBlock, parseBlock } from './addresses.ts'
import { isAutoAddressed } from './allocation.ts'
import { type Body, commonAttributes, textAttribute } from './attribute.ts'
import { networkResource, touchNetwork } from './networks.ts'
import { badResourceRequest, inconsistentInput, neutronError, subnetNotFound } from './neutron-errors.ts'
import { changePort, deletePort } from './port-operations.ts'
import { grantedIds, isExternalFor, isSharedWith } from './rbac-access.ts'
import {
  address,
  cidr,
  hostRoutes,
  ipPools,
  nameservers,
  nonNegative,
  oneOf,
  orNull,
  toBoolean,
  toCanonicalAddress,
  toCanonicalCidr,
  toInteger,
  toList,
  uuid,
} from './readers.ts'
import { type AddressRange, networks, ports, routers, type SubnetRecord, subnets } from './records.ts'
import { rulesOf } from './release-rules.ts'
import { changesOf, newRecord, type Resource, visible } from './resource.ts'
import { checkGateway, checkGatewayOutside, checkSubnet, cidrsOverlap, gatewayOf, poolsOf } from './subnet-plan.ts'
import { blockFromPool, checkPoolAffinity } from './subnetpools.ts'

const ipv6Mode = oneOf('dhcpv6-stateful', 'dhcpv6-stateless', 'slaac')

/** Subnets. https://docs.openstack.org/api-ref/network/v2/#subnets */
export const subnetResource: Resource<SubnetRecord, 'name' | 'nameKey' | 'project' | 'network' | 'subnetpool', never> =
  {
    name: 'subnet',
    plural: 'subnets',
    path: 'subnets',
    collection: subnets,
    notFound: subnetNotFound,
    knowsMarkers: false,
    quota: 'subnet',
    attributes: {
      ...commonAttributes,
      name: textAttribute(255),
      description: textAttribute(255),
      ip_version: { post: 'required', convert: toInteger, validate: oneOf(4, 6), filter: true, sort: true },
      network_id: { post: 'required', validate: uuid, filter: true, sort: true },
      subnetpool_id: { post: 'optional', validate: orNull(uuid), filter: true, sort: true },
      prefixlen: { post: 'optional', convert: toInteger, validate: nonNegative, isHidden: true },
      cidr: { post: 'optional', convert: toCanonicalCidr, validate: orNull(cidr), filter: true, sort: true },
      gateway_ip: {
        post: 'optional',
        put: true,
        convert: toCanonicalAddress,
        validate: orNull(address),
        filter: true,
        sort: true,
      },
      allocation_pools: { post: 'optional', put: true, validate: ipPools },
      dns_nameservers: { post: 'optional', put: true, convert: toList, validate: nameservers },
      host_routes: { post: 'optional', put: true, convert: toList, validate: hostRoutes },
      enable_dhcp: { post: 'optional', put: true, default: true, convert: toBoolean, filter: true, sort: true },
      ipv6_ra_mode: { post: 'optional', validate: ipv6Mode, filter: true, sort: true },
      ipv6_address_mode: { post: 'optional', validate: ipv6Mode, filter: true, sort: true },
      service_types: { post: 'optional', put: true },
      use_default_subnetpool: { post: 'optional', default: false, convert: toBoolean, isHidden: true },
      shared: { convert: toBoolean, filter: true, isHidden: true },
    },
    indexes: { name: 'nameKey', project_id: 'project', network_id: 'network', subnetpool_id: 'subnetpool' },
    filters: {
      shared: (call, subnet, values) => {
        const network = networkOf(call, subnet)
        return values.includes(String(network !== undefined && isSharedWith(call, network, call.projectId)))
      },
    },
    isVisible: (call, subnet) => {
      const network = networkOf(call, subnet)
      if (subnet.project_id === call.projectId) return true
      return (
        network !== undefined &&
        (network.project_id === call.projectId ||
          isSharedWith(call, network, call.projectId) ||
          (rulesOf(call).showsExternalSubnets && isExternalFor(call, network, call.projectId)))
      )
    },
    scopes: (call) => [
      { project: call.projectId },
      ...call.store
        .of(networks)
        .where({ project: call.projectId })
        .map(({ id }) => ({ network: id })),
      ...call.store
        .of(networks)
        .where({ public: 'yes' })
        .map(({ id }) => ({ network: id })),
      ...grantedIds(call, 'network', call.projectId).map((network) => ({ network })),
    ],
    view: (call, subnet) => ({
      name: subnet.name,
      network_id: subnet.network_id,
      ip_version: subnet.ip_version,
      subnetpool_id: subnet.subnetpool_id,
      enable_dhcp: subnet.enable_dhcp,
      ipv6_ra_mode: subnet.ipv6_ra_mode,
      ipv6_address_mode: subnet.ipv6_address_mode,
      gateway_ip: subnet.gateway_ip,
      cidr: subnet.cidr,
      allocation_pools: subnet.allocation_pools,
      host_routes: subnet.host_routes,
      dns_nameservers: subnet.dns_nameservers,
      service_types: subnet.service_types,
      ...(rulesOf(call).showsExternalSubnets
        ? { 'router:external': networkOf(call, subnet)?.['router:external'] ?? false }
        : {}),
    }),
    create: (call, body) => createSubnet(call, body),
    update: (call, subnet, body) => updateSubnet(call, subnet, body),
    remove: (call, subnet) => {
      const users = call.store.of(ports).where({ subnet: subnet.id })
      const isAutomatic =
        isAutoAddressed(subnet) && !users.some((port) => port.device_owner.startsWith('network:router'))
      const inUse = users.filter((port) => port.device_owner !== 'network:dhcp')
      if (inUse.length > 0 && !isAutomatic) {
        throw neutronError(
          409,
          'SubnetInUse',
          `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
        )
      }
      for (const port of users) {
        const kept = port.fixed_ips.filter((fixed) => fixed.subnet_id !== subnet.id)
        if (port.device_owner === 'network:dhcp' && kept.length === 0) deletePort(call.context, port.id)
        else changePort(call.context, port.id, { fixed_ips: kept })
      }
      call.store.of(subnets).delete(subnet.id)
      touchNetwork(call, subnet.network_id)
    },
  }

const networkOf = (call: Call, subnet: SubnetRecord) => call.store.of(networks).get(subnet.network_id)

const createSubnet = (call: Call, body: Body): SubnetRecord => {
  const network = visible(call, networkResource, body.get<string>('network_id') ?? '')
  if (!call.isAdmin && network.project_id !== call.projectId) {
    throw rulesOf(call).createOnNetworkOfOthers('subnet', call.projectId)
  }
  const version = body.get<4 | 6>('ip_version') ?? 4
  const { block, poolId } = blockOf(call, body, version)
  const params = {
    ip_version: version,
    block,
    gateway_ip: body.get<string | null>('gateway_ip'),
    allocation_pools: body.get<AddressRange[]>('allocation_pools'),
    enable_dhcp: body.get<boolean>('enable_dhcp') ?? true,
    ipv6_ra_mode: body.get<string>('ipv6_ra_mode') ?? null,
    ipv6_address_mode: body.get<string>('ipv6_address_mode') ?? null,
    host_routes: body.get<SubnetRecord['host_routes']>('host_routes') ?? [],
    dns_nameservers: body.get<string[]>('dns_nameservers') ?? [],
  }
  checkSubnet(params, body.get<string>('cidr') ?? formatBlock(block))
  const shown = formatBlock(block)
  const siblings = call.store.of(subnets).where({ network: network.id })
  checkPoolAffinity(siblings, poolId, version)
  const service_types = checkedServiceTypes(body.get<unknown>('service_types') ?? [])
  if (siblings.some((subnet) => cidrsOverlap(subnet.cidr, shown))) {
    throw inconsistentInput(
      `Requested subnet with cidr: ${shown} for network: ${network.id} overlaps with another subnet`,
    )
  }
  const gateway = gatewayOf(params)
  if (version === 4 && block.prefix === 31 && params.gateway_ip === undefined) {
    throw neutronError(409, 'IpamValueInvalid', `Gateway IP ${gateway} cannot be allocated in CIDR ${shown}`)
  }
  const subnet = call.store.of(subnets).insert({
    ...newRecord(call, body, 0),
    name: body.get<string>('name') ?? '',
    network_id: network.id,
    ip_version: version,
    cidr: shown,
    subnetpool_id: poolId,
    gateway_ip: gateway,
    enable_dhcp: params.enable_dhcp,
    ipv6_ra_mode: params.ipv6_ra_mode,
    ipv6_address_mode: params.ipv6_address_mode,
    allocation_pools: poolsOf(params, gateway),
    dns_nameservers: params.dns_nameservers,
    host_routes: params.host_routes,
    service_types,
  })
  touchNetwork(call, network.id)
  return subnet
}

/** The block asked for, or the next free one of a subnet pool. */
const blockOf = (call: Call, body: Body, version: 4 | 6): { block: Block; poolId: string | null } => {
  const asked = body.get<string | null>('cidr') ?? undefined
  const poolId = body.get<string | null>('subnetpool_id') ?? null
  if (body.get<boolean>('use_default_subnetpool') && poolId === null) {
    throw badResourceRequest('subnets', `No default subnetpool found for IPv${version}`)
  }
  const block = asked === undefined ? undefined : parseBlock(asked)
  if (poolId !== null) {
    const wanted = { block, prefixlen: body.get<number>('prefixlen'), gateway: body.get<string | null>('gateway_ip') }
    return { block: blockFromPool(call, poolId, version, wanted), poolId }
  }
  if (!block) throw badResourceRequest('subnets', 'a subnetpool must be specified in the absence of a cidr')
  return { block, poolId: null }
}

const checkedServiceTypes = (value: unknown): string[] => {
  if (!Array.isArray(value)) {
    throw neutronError(400, 'InvalidInputSubnetServiceType', `Subnet service type ${String(value)} is not a string.`)
  }
  for (const type of value as readonly unknown[]) {
    if (typeof type !== 'string' || !/^(network|compute|baremetal):/.test(type)) {
      throw neutronError(
        400,
        'InvalidSubnetServiceType',
        `Subnet service type ${String(type)} does not correspond to a valid device owner.`,
      )
    }
  }
  return value as string[] // checked above
}

const updateSubnet = (call: Call, subnet: SubnetRecord, body: Body): SubnetRecord => {
  const changes = changesOf(body, ['name', 'description', 'dns_nameservers', 'host_routes', 'enable_dhcp'])
  const block = parseBlock(subnet.cidr)
  if (!block) return subnet
  const gateway = body.has('gateway_ip') ? (body.get<string | null>('gateway_ip') ?? null) : subnet.gateway_ip
  const pools = body.get<AddressRange[]>('allocation_pools')
  if (body.has('gateway_ip')) {
    if (gateway !== null) checkGateway(gateway, block)
    checkGatewayInUse(call, subnet, gateway)
    if (!pools) checkGatewayOutside(gateway, subnet.allocation_pools)
    changes['gateway_ip'] = gateway
  }
  if (pools) changes['allocation_pools'] = poolsOf({ block, allocation_pools: pools }, gateway)
  if (body.has('service_types')) changes['service_types'] = checkedServiceTypes(body.get('service_types'))
  return call.store.of(subnets).update(subnet.id, changes as Partial<SubnetRecord>) // values of its own attributes
}

/** A gateway that is a router's address cannot change. */
const checkGatewayInUse = (call: Call, subnet: SubnetRecord, gateway: string | null): void => {
  if (subnet.gateway_ip === null || gateway === null || subnet.gateway_ip === gateway) return
  const port = call.store.of(ports).find({ address: `${subnet.id}/${subnet.gateway_ip}` })
  if (port && call.store.of(routers).has(port.device_id)) {
    throw neutronError(
      409,
      'GatewayIpInUse',
      `Current gateway ip ${subnet.gateway_ip} already in use by port ${port.id}. Unable to update.`,
    )
  }
}
