import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { Scenario, Stage } from '../scenario.ts'
import { givenVm, manual, vmRequest } from './create-vm.ts'

const base = 'load-balancer/v2/lbaas'

async function make(stage: Stage, collection: string, key: string, fields: object): Promise<string> {
  const answer = await stage.api('POST', `${base}/${collection}`, { [key]: fields })
  stage.cloud.clock.advance('10s')
  return String((answer[key] as { id: string }).id) // an object with an id, by the API's contract
}

/** A load balancer with these pools. */
async function givenPools(stage: Stage, names: readonly string[]): Promise<void> {
  const vip_subnet_id = stage.idOf('subnets', 'bosh-net-subnet')
  const loadbalancer_id = await make(stage, 'loadbalancers', 'loadbalancer', { name: 'lb', vip_subnet_id })
  for (const [index, name] of names.entries()) {
    const listener_id = await make(stage, 'listeners', 'listener', {
      name,
      protocol: 'TCP',
      protocol_port: 80 + index,
      loadbalancer_id,
    })
    await make(stage, 'pools', 'pool', { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id })
  }
}

const inPools = (names: readonly string[]) => ({
  cloudProperties: { loadbalancer_pools: names.map((name) => ({ name, port: 8080 })) },
})

const createVm = (variant: string, names: readonly string[]): Scenario => ({
  name: `create_vm: ${variant}`,
  purpose: 'create',
  given: async (stage) => {
    await givenPools(stage, names)
    return vmRequest(stage, inPools(names))
  },
})

/** Neutron lets only administrators choose the address of a floating IP. */
async function mayChooseAddresses({ cloud, idOf }: Stage): Promise<void> {
  const path = `projects/${cloud.projectId('bosh')}/users/${cloud.userId('bosh')}/roles/${idOf('roles', 'admin')}`
  const headers = { 'x-auth-token': await cloud.token('admin') }
  const { status } = await cloud.fetch(`${cloud.url}/identity/v3/${path}`, { method: 'PUT', headers })
  if (status !== 204) throw new Error(`preparing: the role was not given: ${status}`)
}

const withVip = (stage: Stage, ip: string, vip: string, cloudProperties: JsonObject = {}): JsonObject => ({
  default: manual(stage, 'bosh-net', ip),
  public: { type: 'vip', ip: vip, cloud_properties: cloudProperties },
})

export const poolScenarios: readonly Scenario[] = [
  createVm('one pool', ['web']),
  createVm('two pools', ['web', 'api']),
  {
    name: 'create_vm: floating IP of another VM, one pool',
    purpose: 'create',
    given: async (stage) => {
      await givenPools(stage, ['web'])
      await givenVm(stage, { networks: withVip(stage, '10.10.1.8', '203.0.113.137') })
      return vmRequest(stage, { ...inPools(['web']), networks: withVip(stage, '10.10.1.7', '203.0.113.137') })
    },
  },
  {
    name: 'create_vm: allocated floating IP, one pool',
    purpose: 'create',
    given: async (stage) => {
      await givenPools(stage, ['web'])
      await mayChooseAddresses(stage)
      const networks = withVip(stage, '10.10.1.7', '203.0.113.99', { allocate: true, network: 'public' })
      return vmRequest(stage, { ...inPools(['web']), networks })
    },
  },
  {
    name: 'delete_vm: two pools',
    purpose: 'delete',
    given: async (stage) => {
      await givenPools(stage, ['web', 'api'])
      return { method: 'delete_vm', arguments: [await givenVm(stage, inPools(['web', 'api']))] }
    },
  },
]
