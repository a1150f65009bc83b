import { expect, test } from 'vitest'
import { networkCloud, refusal } from '../../../test/network-client.ts'

const withNetwork = async () => {
  const setUp = await networkCloud()
  const { network } = (await setUp.neutron('POST /networks', { network: { name: 'n' } })).body
  const subnet = (values: object) =>
    setUp.neutron('POST /subnets', { subnet: { network_id: network.id, ip_version: 4, ...values } })
  return { ...setUp, network, subnet }
}

test('§7.21 a network with a subnet is made and goes with its subnet', async () => {
  const { neutron, network, subnet, cloud } = await withNetwork()
  const made = (await subnet({ cidr: '10.99.0.5/24' })).body.subnet
  expect(made).toMatchObject({
    cidr: '10.99.0.0/24',
    gateway_ip: '10.99.0.1',
    allocation_pools: [{ start: '10.99.0.2', end: '10.99.0.254' }],
  })
  expect((await neutron(`GET /networks/${network.id}`)).body.network.subnets).toEqual([made.id])
  expect((await neutron(`DELETE /networks/${network.id}`)).status).toBe(204)
  expect(cloud.leftovers()).toEqual({})
})

test.each<[string, object, Partial<Record<string, unknown>>]>([
  ['IPv6: the block’s own address', { ip_version: 6, cidr: 'fd00:99::/64' }, { gateway_ip: 'fd00:99::' }],
  [
    'none',
    { cidr: '10.98.0.0/30', gateway_ip: null },
    { gateway_ip: null, allocation_pools: [{ start: '10.98.0.1', end: '10.98.0.2' }] },
  ],
  [
    'in the middle',
    { cidr: '10.97.0.0/24', gateway_ip: '10.97.0.100' },
    {
      allocation_pools: [
        { start: '10.97.0.1', end: '10.97.0.99' },
        { start: '10.97.0.101', end: '10.97.0.254' },
      ],
    },
  ],
  ['outside', { cidr: '10.94.0.0/24', gateway_ip: '10.93.0.1' }, { gateway_ip: '10.93.0.1' }],
  ['a bare address', { cidr: '10.95.1.1', enable_dhcp: false }, { cidr: '10.95.1.1/32', gateway_ip: '10.95.1.2' }],
])('gateway and pools of a subnet: %s', async (_, values, expected) => {
  const { subnet } = await withNetwork()
  expect((await subnet(values)).body.subnet).toMatchObject(expected)
})

test.each<[string, object, number, string, string]>([
  ['no cidr', {}, 400, 'BadRequest', 'Bad subnets request: a subnetpool must be specified in the absence of a cidr.'],
  ['no block', { cidr: 'x' }, 400, 'InvalidInput', 'Invalid input for operation: x is not in a CIDR format.'],
  [
    'other family',
    { cidr: 'fd00::/64' },
    400,
    'InvalidInput',
    "Invalid input for operation: cidr 'fd00::/64' does not match the ip_version '4'.",
  ],
  [
    'gateway on the broadcast address',
    { cidr: '10.99.0.0/24', gateway_ip: '10.99.0.255' },
    400,
    'InvalidInput',
    'Invalid input for operation: Gateway is not valid on subnet.',
  ],
  [
    'gateway in a pool',
    { cidr: '10.99.0.0/24', allocation_pools: [{ start: '10.99.0.1', end: '10.99.0.10' }] },
    409,
    'GatewayConflictWithAllocationPools',
    'Gateway ip 10.99.0.1 conflicts with allocation pool 10.99.0.1-10.99.0.10.',
  ],
  [
    'pool outside',
    { cidr: '10.99.0.0/24', allocation_pools: [{ start: '10.98.0.1', end: '10.99.0.10' }] },
    400,
    'OutOfBoundsAllocationPool',
    'The allocation pool 10.98.0.1-10.99.0.10 spans beyond the subnet cidr 10.99.0.0/24.',
  ],
  [
    'modes that contradict each other',
    { ip_version: 6, cidr: 'fd00:99::/64', ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' },
    400,
    'InvalidInput',
    "Invalid input for operation: ipv6_ra_mode set to 'slaac' with ipv6_address_mode set to 'dhcpv6-stateful' is not valid. If both attributes are set, they must be the same value.",
  ],
])('a subnet is refused: %s', async (_, values, ...expected) => {
  const { subnet } = await withNetwork()
  expect(refusal(await subnet(values))).toEqual(expected)
})

test('subnets of one network do not overlap', async () => {
  const { network, subnet } = await withNetwork()
  await subnet({ cidr: '10.99.0.0/24' })
  expect(refusal(await subnet({ cidr: '10.99.0.0/25' }))).toEqual([
    400,
    'InvalidInput',
    `Invalid input for operation: Requested subnet with cidr: 10.99.0.0/25 for network: ${network.id} overlaps with another subnet.`,
  ])
})

test('§7.21 a subnet pool gives the next free block of the wanted length', async () => {
  const { neutron, subnet } = await withNetwork()
  const { subnetpool } = (
    await neutron('POST /subnetpools', {
      subnetpool: { name: 'p', prefixes: ['10.200.0.0/16'], default_prefixlen: 26 },
    })
  ).body
  const subnetpool_id = subnetpool.id
  expect((await subnet({ subnetpool_id })).body.subnet.cidr).toBe('10.200.0.0/26')
  expect((await subnet({ subnetpool_id, prefixlen: 24 })).body.subnet.cidr).toBe('10.200.1.0/24')
  expect((await subnet({ subnetpool_id, cidr: '10.200.5.0/24' })).body.subnet.cidr).toBe('10.200.5.0/24')
  expect(refusal(await subnet({ subnetpool_id, prefixlen: 4 }))[1]).toBe('MinPrefixSubnetAllocationError')
  expect(refusal(await subnet({ cidr: '10.77.0.0/24' }))[1]).toBe('NetworkSubnetPoolAffinityError')
  expect(refusal(await neutron(`DELETE /subnetpools/${subnetpool_id}`))[1]).toBe('SubnetPoolDeleteError')
})

test('networks and subnets in use stay', async () => {
  const { neutron, network, subnet } = await withNetwork()
  const made = (await subnet({ cidr: '10.99.0.0/24' })).body.subnet
  const { port } = (await neutron('POST /ports', { port: { network_id: network.id } })).body
  expect(refusal(await neutron(`DELETE /networks/${network.id}`))).toEqual([
    409,
    'NetworkInUse',
    `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${port.id}.`,
  ])
  expect(refusal(await neutron(`DELETE /subnets/${made.id}`))[1]).toBe('SubnetInUse')
  await neutron(`DELETE /ports/${port.id}`)
  expect((await neutron(`DELETE /subnets/${made.id}`)).status).toBe(204)
})

test('users see no provider attributes and cannot share, admins can', async () => {
  const { neutron, neutronOf, network } = await withNetwork()
  expect(network).not.toHaveProperty('provider:network_type')
  const shared = { network: { name: 's', shared: true } }
  expect(refusal(await neutron('POST /networks', shared))).toEqual([
    403,
    'PolicyNotAuthorized',
    '(rule:create_network and rule:create_network:shared) is disallowed by policy',
  ])
  const admin = await neutronOf('admin')
  expect((await admin('POST /networks', shared)).body.network).toMatchObject({
    shared: true,
    'provider:network_type': 'vxlan',
  })
})

test('a change of a visible resource of another project is 403, of an invisible one 404', async () => {
  const { neutronOf, network, external } = await withNetwork()
  const other = await neutronOf('other')
  expect(refusal(await other(`DELETE /networks/${external}`))).toEqual([
    403,
    'PolicyNotAuthorized',
    'rule:delete_network is disallowed by policy',
  ])
  expect(refusal(await other(`DELETE /networks/${network.id}`))[0]).toBe(404)
})

test.each<[string, unknown, string]>([
  ['no body', undefined, "Unable to find 'network' in request body"],
  ['another envelope', { nosuch: {} }, "Unable to find 'network' in request body"],
  ['broken JSON', '{"network": ', 'Body contains invalid data'],
  ['a list', [], 'Body contains invalid data'],
  ['no object', { network: 5 }, "Object 'network' contains invalid data"],
  ['an empty bulk', { networks: [] }, 'Resources required'],
])('bodies that are none: %s', async (_, body, message) => {
  const { neutron } = await networkCloud()
  expect(refusal(await neutron('POST /networks', body))).toEqual([400, 'HTTPBadRequest', message])
})

test('a change for another revision is refused', async () => {
  const { cloud, network } = await withNetwork()
  const response = await cloud.fetch(`${cloud.url}/network/v2.0/networks/${network.id}`, {
    method: 'PUT',
    headers: { 'x-auth-token': await cloud.token('bosh'), 'if-match': 'revision_number=99' },
    body: JSON.stringify({ network: { name: 'late' } }),
  })
  expect(response.status).toBe(412)
})

test('tags: replaced, added, removed, and unknown ones', async () => {
  const { neutron, network } = await withNetwork()
  const base = `/networks/${network.id}/tags`
  expect((await neutron(`PUT ${base}`, { tags: ['a', 'b'] })).body.tags).toEqual(['a', 'b'])
  expect((await neutron(`PUT ${base}/c`)).status).toBe(201)
  expect((await neutron(`DELETE ${base}/a`)).status).toBe(204)
  expect((await neutron(`GET /networks/${network.id}`)).body.network.tags).toEqual(['b', 'c'])
  expect(refusal(await neutron(`DELETE ${base}/a`))).toEqual([404, 'TagNotFound', 'Tag a could not be found.'])
  expect(refusal(await neutron(`PUT ${base}`, { tags: [5] }))[2]).toBe(
    "Invalid input for operation: '5' is not a valid string.",
  )
})

test('an external network takes its floating IPs without a port along, and stays while one is in use', async () => {
  const { cloud, neutronOf } = await networkCloud()
  const admin = await neutronOf('admin')
  const { network } = (await admin('POST /networks', { network: { name: 'ext', 'router:external': true } })).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '198.51.100.0/24' }
  await admin('POST /subnets', { subnet })
  const floatingip = { floating_network_id: network.id }
  expect((await admin('POST /floatingips', { floatingip })).status).toBe(201)
  const { port } = (await admin('POST /ports', { port: { network_id: network.id } })).body
  expect((await admin(`DELETE /networks/${network.id}`)).status).toBe(409)
  await admin(`DELETE /ports/${port.id}`)
  await admin('POST /floatingips', { floatingip })
  expect((await admin(`DELETE /networks/${network.id}`)).status).toBe(204)
  expect(cloud.leftovers()).toEqual({})
})

test('the list of quotas has the projects with limits of their own', async () => {
  const { cloud, neutronOf } = await networkCloud()
  const admin = await neutronOf('admin')
  const project = cloud.projectId('other')
  const own = async () => {
    const { quotas } = (await admin('GET /quotas')).body as unknown as { quotas: Record<string, unknown>[] } // as Neutron answers
    return quotas.filter((one) => one['project_id'] === project)
  }
  expect(await own()).toEqual([])
  await admin(`PUT /quotas/${project}`, { quota: { network: 7 } })
  expect(await own()).toMatchObject([{ network: 7, port: 500, tenant_id: project }])
  await admin(`DELETE /quotas/${project}`)
  expect(await own()).toEqual([])
})
