import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type Fixture, idIn, manualNetwork as manual } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'
import { makeAdministrator } from './administrator.ts'
import { givenVm, multiNic, twoNetworks, vmRequest } from './create-vm.ts'
import { attachedDisk } from './vms.ts'

const base = 'load-balancer/v2/lbaas'

async function make(fixture: Fixture, collection: string, key: string, fields: object): Promise<string> {
  const body = await fixture.api('POST', `${base}/${collection}`, { [key]: fields })
  fixture.cloud.clock.advance('10s')
  return idIn(body, key)
}

/** A load balancer with these pools; returns its id. */
export async function givenPools(fixture: Fixture, names: readonly string[], name = 'lb'): Promise<string> {
  const vip_subnet_id = fixture.idOf('subnets', 'bosh-net-subnet')
  const loadbalancer_id = await make(fixture, 'loadbalancers', 'loadbalancer', { name, vip_subnet_id })
  for (const [index, name] of names.entries()) {
    const listener_id = await make(fixture, 'listeners', 'listener', {
      name,
      protocol: 'TCP',
      protocol_port: 80 + index,
      loadbalancer_id,
    })
    await make(fixture, 'pools', 'pool', { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id })
  }
  return loadbalancer_id
}

const inPools = (names: readonly string[]) => ({
  cloudProperties: { loadbalancer_pools: names.map((name) => ({ name, port: 8080 })) },
})

const createVm = (variant: string, names: readonly string[]): Scenario => ({
  name: `create_vm: ${variant}`,
  purpose: 'create',
  given: async (fixture) => {
    await givenPools(fixture, names)
    return vmRequest(fixture, inPools(names))
  },
})

const withVip = (fixture: Fixture, ip: string, vip: string, cloudProperties: JsonObject = {}): JsonObject => ({
  default: manual(fixture, 'bosh-net', ip),
  public: { type: 'vip', ip: vip, cloud_properties: cloudProperties },
})

/** A VM with most of what can belong to one, in one pool. */
const manyResources = () => ({
  cloudProperties: {
    ...inPools(['web']).cloudProperties,
    server_group: { policy: 'soft-anti-affinity' },
    boot_from_volume: true,
    root_disk: { size: 3, type: 'fast' },
  },
})

export const poolScenarios: readonly Scenario[] = [
  createVm('one pool', ['web']),
  createVm('two pools', ['web', 'api']),
  {
    name: 'create_vm: floating IP of another VM, one pool',
    purpose: 'create',
    given: async (fixture) => {
      await givenPools(fixture, ['web'])
      await givenVm(fixture, { networks: withVip(fixture, '10.10.1.8', '203.0.113.137') })
      return vmRequest(fixture, { ...inPools(['web']), networks: withVip(fixture, '10.10.1.7', '203.0.113.137') })
    },
  },
  {
    name: 'create_vm: allocated floating IP, one pool',
    purpose: 'create',
    given: async (fixture) => {
      await givenPools(fixture, ['web'])
      await makeAdministrator(fixture) // Neutron lets only administrators choose the address of a floating IP
      const networks = withVip(fixture, '10.10.1.7', '203.0.113.99', { allocate: true, network: 'public' })
      return vmRequest(fixture, { ...inPools(['web']), networks })
    },
  },
  {
    name: 'create_vm: two NICs, boot volume, pool and group',
    purpose: 'create',
    given: async (fixture) => {
      await givenPools(fixture, ['web'])
      return vmRequest(fixture, { ...manyResources(), networks: twoNetworks(fixture), openstack: multiNic })
    },
  },
  {
    name: 'delete_vm: boot volume, pool, group and disk',
    purpose: 'delete',
    given: async (fixture) => {
      await givenPools(fixture, ['web'])
      const vm = await givenVm(fixture, manyResources())
      await attachedDisk(fixture, vm)
      return { method: 'delete_vm', arguments: [vm] }
    },
  },
  {
    name: 'delete_vm: two pools',
    purpose: 'delete',
    given: async (fixture) => {
      await givenPools(fixture, ['web', 'api'])
      return { method: 'delete_vm', arguments: [await givenVm(fixture, inPools(['web', 'api']))] }
    },
  },
  {
    name: 'delete_vm: one pool, dynamic network, no tags',
    purpose: 'delete',
    given: async (fixture) => {
      await givenPools(fixture, ['web'])
      const openstack = { tag_resources: false }
      const networks = { d: { type: 'dynamic', cloud_properties: { net_id: fixture.idOf('networks', 'bosh-net') } } }
      const vm = await givenVm(fixture, { ...inPools(['web']), networks, openstack })
      return { method: 'delete_vm', arguments: [vm], openstack }
    },
  },
]
