import type { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

/** A port on `bosh-net` with an address, made by somebody else; its id. */
async function makePort(ip: string, more: object = {}): Promise<string> {
  const { cloud, view } = given()
  const port = { network_id: cloud.networks['bosh-net']?.id, fixed_ips: [{ ip_address: ip }], ...more }
  return view.create('network', 'ports', 'port', port)
}

test('§6.4 VRRP: an address that a port reserves becomes an allowed address pair', async () => {
  const { view, createVm, deleteVm } = given()
  const reserved = await makePort('10.10.2.70', { name: 'reserved-vrrp' })
  try {
    const [vm] = await createVm({ properties: { allowed_address_pairs: '10.10.2.70' }, networks: '10.10.2.71' })
    const pairs = [{ ip_address: '10.10.2.70' }]
    expect(await view.portsOf(vm)).toMatchObject([{ allowed_address_pairs: pairs }])
    await deleteVm(vm)
  } finally {
    await view.request('DELETE', 'network', `ports/${reserved}`)
  }
})

test('§6.3 an address that is taken: a leftover of a failed attempt is removed, a port of somebody else is not', async () => {
  const { view, createVm, deleteVm } = given()
  const networks = '10.10.2.73'
  const leftover = await makePort(networks)
  const [vm] = await createVm({ networks })
  expect(await view.show('network', `ports/${leftover}`, 'port')).toBeUndefined()
  await deleteVm(vm)

  const foreign = await makePort(networks, { name: 'reserved by the operator' })
  await expect(createVm({ networks })).rejects.toThrow(networks)
  expect(await view.show('network', `ports/${foreign}`, 'port')).toMatchObject({ status: 'DOWN' })
  await view.request('DELETE', 'network', `ports/${foreign}`)
})

test('§6.6 load balancer pools: the VM joins its pools, and leaves them when it is deleted', async ({ skip }) => {
  const { cloud, view, createVm, deleteVm } = given()
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
    await deleteVm(vm)
    expect(await members()).toEqual([[], []])
    const unknown = { loadbalancer_pools: [{ name: 'none-such', port: 1 }] }
    await expect(createVm({ properties: unknown, networks })).rejects.toThrow('none-such')
  } finally {
    await balancer.remove()
  }
})

test('§7.21 managed networks: a network with a subnet on the router, and its removal', async () => {
  const { cloud, view, director } = given()
  const range = { range: '192.168.77.0/24', gateway: '192.168.77.1', netmask_bits: 24 }
  const network = { type: 'manual', ...range, cloud_properties: { router_id: cloud.router.id } }
  const created = await director.ask('create_network', [network])
  const [cid] = created as readonly string[]
  expect(created).toEqual([
    cid,
    expect.objectContaining({ reserved: expect.any(Array) }),
    expect.objectContaining({ net_id: cid }),
  ])
  const subnets = await view.list('network', `subnets?network_id=${cid}`, 'subnets')
  expect(subnets).toMatchObject([{ cidr: range.range, gateway_ip: range.gateway }])
  const routerPorts = await view.list('network', `ports?network_id=${cid}&device_id=${cloud.router.id}`, 'ports')
  expect(routerPorts).toHaveLength(1)
  await director.ask('delete_network', [cid])
  await director.ask('delete_network', [cid])
  expect(await view.show('network', `networks/${cid}`, 'network')).toBeUndefined()
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
