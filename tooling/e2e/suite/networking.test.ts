import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import type { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§6.4 VRRP: an address that a port reserves, and a range, become allowed address pairs; one nobody reserves is refused', async () => {
  const { cloud, view, createVm, deleteVm } = given()
  const network = cloud.networks['bosh-net']
  const reserved = await view.request('POST', 'network', 'ports', {
    port: { network_id: network?.id, name: 'reserved-vrrp', fixed_ips: [{ ip_address: '10.10.2.70' }] },
  })
  const { id } = (reserved.body as { port: { id: string } }).port
  try {
    const networks = '10.10.2.71'
    const [vm] = await createVm({ properties: { allowed_address_pairs: '10.10.2.70' }, networks })
    const [port] = await view.portsOf(vm)
    expect(port?.['allowed_address_pairs']).toMatchObject([{ ip_address: '10.10.2.70' }])
    await deleteVm(vm)
    await expect(createVm({ properties: { allowed_address_pairs: '10.10.2.72' }, networks })).rejects.toThrow(
      "Configured VRRP port with ip '10.10.2.72' does not exist",
    )
  } finally {
    await view.request('DELETE', 'network', `ports/${id}`)
  }
})

test('§6.3 an address that is taken: a leftover of a failed attempt is removed, a port of somebody else is not', async () => {
  const { cloud, view, createVm, deleteVm } = given()
  const network = cloud.networks['bosh-net']
  const taken = async (port: object) => {
    const { body } = await view.request('POST', 'network', 'ports', {
      port: { network_id: network?.id, fixed_ips: [{ ip_address: '10.10.2.73' }], ...port },
    })
    return (body as { port: { id: string } }).port.id
  }
  const networks = '10.10.2.73'
  const leftover = await taken({})
  const [vm] = await createVm({ networks })
  expect(await view.show('network', `ports/${leftover}`, 'port')).toBeUndefined()
  await deleteVm(vm)

  const foreign = await taken({ name: 'reserved by the operator' })
  await expect(createVm({ networks })).rejects.toThrow('10.10.2.73')
  expect(await view.show('network', `ports/${foreign}`, 'port')).toMatchObject({ status: 'DOWN' })
  await view.request('DELETE', 'network', `ports/${foreign}`)
})

test('§5.2 port options: no groups and no pairs where port security is off', async () => {
  const { cloud, view, createVm, deleteVm } = given()
  const network = manualNetwork(cloud, 'bosh-net', '10.10.2.74')
  const cloud_properties = { ...(network['cloud_properties'] as object), port_security_enabled: false }
  const [vm] = await createVm({ networks: { default: { ...network, cloud_properties } } })
  const [port] = await view.portsOf(vm)
  expect(port).toMatchObject({ port_security_enabled: false, security_groups: [] })
  await deleteVm(vm)
})

test('§6.6 load balancer pools: the VM joins its pools, and leaves them when it is deleted', async ({ skip }) => {
  const { cloud, view, createVm, deleteVm } = given()
  if (!cloud.endpoints['load-balancer']) skip('this cloud has no Octavia')
  const balancer = await createBalancer(view, Object.values(cloud.networks['bosh-net']?.subnets ?? {})[0]?.id)
  try {
    const pools = [
      { name: 'e2e-pool-a', port: 8080 },
      { name: 'e2e-pool-b', port: 8443, monitoring_port: 8081 },
    ]
    const networks = '10.10.2.75'
    const [vm] = await createVm({ properties: { loadbalancer_pools: pools }, networks })
    const membersOf = (pool: string | undefined) => view.list('load-balancer', `pools/${pool}/members`, 'members')
    expect(await membersOf(balancer.pools[0])).toMatchObject([{ address: '10.10.2.75', protocol_port: 8080 }])
    expect(await membersOf(balancer.pools[1])).toMatchObject([{ protocol_port: 8443, monitor_port: 8081 }])
    await deleteVm(vm)
    expect([...(await membersOf(balancer.pools[0])), ...(await membersOf(balancer.pools[1]))]).toEqual([])
    await expect(
      createVm({ properties: { loadbalancer_pools: [{ name: 'none-such', port: 1 }] }, networks }),
    ).rejects.toThrow('none-such')
  } finally {
    await balancer.remove()
  }
})

test('§7.21 managed networks: a network with a subnet on the router, and its removal', async () => {
  const { cloud, view, director } = given()
  const [cid, address, properties] = (await director.ask('create_network', [
    {
      type: 'manual',
      range: '192.168.77.0/24',
      gateway: '192.168.77.1',
      netmask_bits: 24,
      cloud_properties: { router_id: cloud.router.id },
    },
  ])) as [string, { reserved: string[] }, { net_id: string }]
  expect(properties.net_id).toBe(cid)
  expect(Array.isArray(address.reserved)).toBe(true)
  const [subnet] = await view.list('network', `subnets?network_id=${cid}`, 'subnets')
  expect(subnet).toMatchObject({ cidr: '192.168.77.0/24', gateway_ip: '192.168.77.1' })
  const routerPorts = await view.list('network', `ports?network_id=${cid}&device_id=${cloud.router.id}`, 'ports')
  expect(routerPorts).toHaveLength(1)
  await director.ask('delete_network', [cid])
  await director.ask('delete_network', [cid])
  expect(await view.show('network', `networks/${cid}`, 'network')).toBeUndefined()
})

async function createBalancer(view: TenantView, subnetId: string | undefined) {
  const made = async (path: string, key: string, body: object): Promise<string> => {
    const answer = await view.request('POST', 'load-balancer', path, { [key]: body })
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return (answer.body as Record<string, { id: string }>)[key]?.id ?? ''
  }
  const id = await made('loadbalancers', 'loadbalancer', { name: 'e2e-lb', vip_subnet_id: subnetId })
  const settle = () =>
    expect.poll(() => view.show('load-balancer', `loadbalancers/${id}`, 'loadbalancer'), {
      timeout: 120_000,
      interval: 250,
    })
  await settle().toMatchObject({ provisioning_status: 'ACTIVE' })
  const pools: string[] = []
  for (const [index, name] of ['e2e-pool-a', 'e2e-pool-b'].entries()) {
    const listener = await made('listeners', 'listener', {
      name: `${name}-listener`,
      protocol: 'TCP',
      protocol_port: 1000 + index,
      loadbalancer_id: id,
    })
    await settle().toMatchObject({ provisioning_status: 'ACTIVE' })
    pools.push(
      await made('pools', 'pool', { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id: listener }),
    )
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
