import type { World } from '../kernel/world.ts'
import { formatBlock, parseBlock } from '../services/network/addresses.ts'
import { addEgressRules, addRule, defaultGroupOf } from '../services/network/default-group.ts'
import { flatMtu, tunnelMtu } from '../services/network/networks.ts'
import { createInterfacePort, createPortFor } from '../services/network/port-keeping.ts'
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
export const seedNetwork = (world: World, seed: Seed): void => {
  for (const network of seed.networks) seedOneNetwork(world, network)
  for (const router of seed.routers) seedRouter(world, router)
  for (const { name } of seed.projects) {
    const uses = [...seed.securityGroups, ...seed.networks].some((one) => one.project === name)
    if (uses) defaultGroupOf(world, projectIdOf(world, name))
  }
  for (const group of seed.securityGroups) seedGroup(world, group)
  for (const floatingIp of seed.floatingIps) seedFloatingIp(world, floatingIp)
}

const common = (world: World, project_id: string, description = ''): NeutronRecord => ({
  id: world.ids.uuid(),
  project_id,
  description,
  tags: [],
  created_at: world.clock.now(),
  updated_at: world.clock.now(),
  revision_number: 1,
})

const seedOneNetwork = (world: World, seeded: Seed['networks'][number]): void => {
  const all = world.store.of(networks)
  const network = all.insert({
    ...common(world, projectIdOf(world, seeded.project)),
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
    world.store.of(subnets).insert({
      ...common(world, network.project_id),
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

const seedRouter = (world: World, seeded: Seed['routers'][number]): void => {
  const router = world.store.of(routers).insert({
    ...common(world, projectIdOf(world, seeded.project)),
    name: seeded.name,
    admin_state_up: true,
    status: 'ACTIVE',
    external_gateway_info: null,
    gateway_port_id: null,
    routes: [],
    availability_zone_hints: [],
  })
  if (seeded.externalNetwork !== null) {
    const port = createPortFor(world, {
      project_id: '',
      network_id: networkIdOf(world, seeded.externalNetwork),
      device_id: router.id,
      device_owner: 'network:router_gateway',
      status: 'ACTIVE',
    })
    world.store.of(routers).update(router.id, {
      gateway_port_id: port.id,
      external_gateway_info: {
        network_id: port.network_id,
        external_fixed_ips: port.fixed_ips,
        enable_snat: true,
      },
    })
  }
  for (const name of seeded.subnets) {
    const subnet = world.store.of(subnets).find({ name })
    if (!subnet?.gateway_ip)
      throw new SeedError(`bad seed: router ${seeded.name} needs a subnet ${name} with a gateway`)
    createInterfacePort(world, router, subnet, subnet.gateway_ip)
  }
}

const seedGroup = (world: World, seeded: Seed['securityGroups'][number]): void => {
  const project = projectIdOf(world, seeded.project)
  const all = world.store.of(securityGroups)
  const group = all.insert({ ...common(world, project, seeded.description), name: seeded.name, stateful: true })
  addEgressRules(world, group)
  for (const rule of seeded.rules) {
    const remote = rule.remoteGroup === null ? null : all.find({ project, name: rule.remoteGroup })
    if (remote === undefined) throw new SeedError(`bad seed: there is no security group ${rule.remoteGroup}`)
    const block = rule.remoteCidr === null ? undefined : parseBlock(rule.remoteCidr)
    addRule(world, group, {
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

const seedFloatingIp = (world: World, seeded: Seed['floatingIps'][number]): void => {
  const record = common(world, projectIdOf(world, seeded.project))
  const holder = createPortFor(world, {
    project_id: '',
    network_id: networkIdOf(world, seeded.network),
    device_id: record.id,
    device_owner: 'network:floatingip',
    status: 'N/A',
    fixed_ips: seeded.address === undefined ? undefined : [{ ip_address: seeded.address }],
  })
  world.store.of(floatingIps).insert({
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

const networkIdOf = (world: World, name: string): string => {
  const network = world.store.of(networks).find({ name })
  if (!network) throw new SeedError(`bad seed: there is no network ${name}`)
  return network.id
}
