import type { CloudContext } from '../kernel/cloud-context.ts'
import { formatBlock, parseBlock } from '../services/network/addresses.ts'
import { addEgressRules, addRule, defaultGroupOf } from '../services/network/default-group.ts'
import { flatMtu, tunnelMtu } from '../services/network/networks.ts'
import { createInterfacePort, createPortFor } from '../services/network/port-operations.ts'
import {
  floatingIps,
  type NeutronRecord,
  networks,
  routers,
  securityGroups,
  subnets,
} from '../services/network/records.ts'
import { gatewayOf, poolsOf } from '../services/network/subnet-plan.ts'
import { projectIdOf } from './identity.ts'
import { type Seed, SeedError } from './schema.ts'

/** Networks with subnets, routers with interfaces, security groups and floating IPs. */
export const seedNetwork = (context: CloudContext, seed: Seed): void => {
  for (const network of seed.networks) seedOneNetwork(context, network)
  for (const router of seed.routers) seedRouter(context, router)
  for (const { name } of seed.projects) {
    const uses = [...seed.securityGroups, ...seed.networks].some((one) => one.project === name)
    if (uses) defaultGroupOf(context, projectIdOf(context, name))
  }
  for (const group of seed.securityGroups) seedGroup(context, group)
  for (const floatingIp of seed.floatingIps) seedFloatingIp(context, floatingIp)
}

const common = (context: CloudContext, project_id: string, description = ''): NeutronRecord => ({
  id: context.ids.uuid(),
  project_id,
  description,
  tags: [],
  created_at: context.clock.now(),
  updated_at: context.clock.now(),
  revision_number: 1,
})

const seedOneNetwork = (context: CloudContext, seeded: Seed['networks'][number]): void => {
  const all = context.store.of(networks)
  const network = all.insert({
    ...common(context, projectIdOf(context, seeded.project)),
    name: seeded.name,
    admin_state_up: true,
    mtu: seeded.external ? flatMtu : tunnelMtu,
    status: 'ACTIVE',
    shared: seeded.shared,
    'router:external': seeded.external,
    is_default: false,
    port_security_enabled: true,
    availability_zone_hints: [],
    'provider:network_type': seeded.external ? 'flat' : 'vxlan',
    'provider:physical_network': seeded.external ? 'public' : null,
    'provider:segmentation_id': seeded.external ? null : all.size + 1,
  })
  for (const subnet of seeded.subnets) {
    const block = parseBlock(subnet.cidr)
    if (!block) throw new SeedError(`bad seed: the cidr of subnet ${subnet.name} is no block: ${subnet.cidr}`)
    const gateway_ip = gatewayOf({ block, gateway_ip: subnet.gateway })
    context.store.of(subnets).insert({
      ...common(context, network.project_id),
      revision_number: 0,
      name: subnet.name,
      network_id: network.id,
      ip_version: block.version,
      cidr: formatBlock(block),
      subnetpool_id: null,
      gateway_ip,
      enable_dhcp: subnet.dhcp,
      ipv6_ra_mode: subnet.ipv6Mode,
      ipv6_address_mode: subnet.ipv6Mode,
      allocation_pools: poolsOf({ block, allocation_pools: subnet.allocationPools }, gateway_ip),
      dns_nameservers: subnet.dnsNameservers,
      host_routes: [],
      service_types: [],
    })
  }
}

const seedRouter = (context: CloudContext, seeded: Seed['routers'][number]): void => {
  const router = context.store.of(routers).insert({
    ...common(context, projectIdOf(context, seeded.project)),
    name: seeded.name,
    admin_state_up: true,
    status: 'ACTIVE',
    external_gateway_info: null,
    gateway_port_id: null,
    routes: [],
    availability_zone_hints: [],
  })
  if (seeded.externalNetwork !== null) {
    const port = createPortFor(context, {
      project_id: '',
      network_id: networkIdOf(context, seeded.externalNetwork),
      device_id: router.id,
      device_owner: 'network:router_gateway',
      status: 'ACTIVE',
    })
    context.store.of(routers).update(router.id, {
      gateway_port_id: port.id,
      external_gateway_info: {
        network_id: port.network_id,
        external_fixed_ips: port.fixed_ips,
        enable_snat: true,
      },
    })
  }
  for (const name of seeded.subnets) {
    const subnet = context.store.of(subnets).find({ name })
    if (!subnet?.gateway_ip)
      throw new SeedError(`bad seed: router ${seeded.name} needs a subnet ${name} with a gateway`)
    createInterfacePort(context, router, subnet, subnet.gateway_ip)
  }
}

const seedGroup = (context: CloudContext, seeded: Seed['securityGroups'][number]): void => {
  const project = projectIdOf(context, seeded.project)
  const all = context.store.of(securityGroups)
  const group = all.insert({ ...common(context, project, seeded.description), name: seeded.name, stateful: true })
  addEgressRules(context, group)
  for (const rule of seeded.rules) {
    const remote = rule.remoteGroup === null ? null : all.find({ project, name: rule.remoteGroup })
    if (remote === undefined) throw new SeedError(`bad seed: there is no security group ${rule.remoteGroup}`)
    const block = rule.remoteCidr === null ? undefined : parseBlock(rule.remoteCidr)
    addRule(context, group, {
      direction: rule.direction,
      ethertype: rule.ethertype,
      protocol: rule.protocol,
      port_range_min: rule.portMin,
      port_range_max: rule.portMax,
      remote_ip_prefix: rule.remoteCidr,
      remote_group_id: remote?.id ?? null,
      normalized_cidr: block ? formatBlock(block) : null,
      description: '',
    })
  }
}

const seedFloatingIp = (context: CloudContext, seeded: Seed['floatingIps'][number]): void => {
  const record = common(context, projectIdOf(context, seeded.project))
  const holder = createPortFor(context, {
    project_id: '',
    network_id: networkIdOf(context, seeded.network),
    device_id: record.id,
    device_owner: 'network:floatingip',
    status: 'N/A',
    fixed_ips: seeded.address === undefined ? undefined : [{ ip_address: seeded.address }],
  })
  context.store.of(floatingIps).insert({
    ...record,
    revision_number: 0,
    floating_ip_address: holder.fixed_ips[0]?.ip_address ?? '',
    floating_network_id: holder.network_id,
    holder_port_id: holder.id,
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
  })
}

const networkIdOf = (context: CloudContext, name: string): string => {
  const network = context.store.of(networks).find({ name })
  if (!network) throw new SeedError(`bad seed: there is no network ${name}`)
  return network.id
}
