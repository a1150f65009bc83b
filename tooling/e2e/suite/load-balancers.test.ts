import { type CreatedVm, createVmArguments, type VmParams } from '@openstack-cpi/harness/create-vm'
import type { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§6.6 load balancer pools: the VM joins its pools, and leaves them when it is deleted', async ({ skip }) => {
  const { cloud, view, director } = given()
  const createVm = async (params: VmParams) =>
    (await director.ask('create_vm', createVmArguments(cloud, params))) as CreatedVm // API version 3
  if (!cloud.endpoints['load-balancer']) skip('this cloud has no Octavia')
  const balancer = await createBalancer(view, Object.values(cloud.networks['bosh-net']?.subnets ?? {})[0]?.id)
  const members = () =>
    Promise.all(balancer.pools.map((pool) => view.list('load-balancer', `pools/${pool}/members`, 'members')))
  try {
    const loadbalancer_pools = [
      { name: 'e2e-pool-a', port: 8080 },
      { name: 'e2e-pool-b', port: 8443, monitoring_port: 8081 },
    ]
    const networks = '10.10.2.75'
    const [vm] = await createVm({ properties: { loadbalancer_pools }, networks })
    expect(await members()).toMatchObject([
      [{ address: networks, protocol_port: 8080 }],
      [{ protocol_port: 8443, monitor_port: 8081 }],
    ])
    await director.ask('delete_vm', [vm])
    expect(await members()).toEqual([[], []])
    const unknown = { loadbalancer_pools: [{ name: 'none-such', port: 1 }] }
    await expect(createVm({ properties: unknown, networks })).rejects.toThrow('none-such')
  } finally {
    await balancer.remove()
  }
})

/** A load balancer with two pools. */
async function createBalancer(view: TenantView, vip_subnet_id: string | undefined) {
  const id = await view.create('load-balancer', 'loadbalancers', 'loadbalancer', { name: 'e2e-lb', vip_subnet_id })
  const settle = () =>
    expect.poll(() => view.show('load-balancer', `loadbalancers/${id}`, 'loadbalancer'), {
      timeout: 120_000,
      interval: 250,
    })
  await settle().toMatchObject({ provisioning_status: 'ACTIVE' })
  const pools: string[] = []
  for (const name of ['e2e-pool-a', 'e2e-pool-b']) {
    const pool = { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', loadbalancer_id: id }
    pools.push(await view.create('load-balancer', 'pools', 'pool', pool))
    await settle().toMatchObject({ provisioning_status: 'ACTIVE' })
  }
  return {
    pools,
    remove: async () => {
      await settle().toMatchObject({ provisioning_status: 'ACTIVE' })
      await view.request('DELETE', 'load-balancer', `loadbalancers/${id}?cascade=true`)
      await settle().toBeUndefined()
    },
  }
}
