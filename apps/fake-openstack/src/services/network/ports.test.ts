import { expect, test } from 'vitest'
import { networkCloud, refusal, unknownId } from '../../../test/network-client.ts'

test('§6.3 one address is given once per network, and free again when its port is gone', async () => {
  const { neutron, net, subnet } = await networkCloud()
  const body = { port: { network_id: net, fixed_ips: [{ ip_address: '10.10.0.50' }] } }
  const first = await neutron('POST /ports', body)
  expect(first.body.port).toMatchObject({
    status: 'DOWN',
    device_id: '',
    device_owner: '',
    fixed_ips: [{ subnet_id: subnet, ip_address: '10.10.0.50' }],
    port_security_enabled: true,
  })
  expect(refusal(await neutron('POST /ports', body))).toEqual([
    409,
    'IpAddressAlreadyAllocated',
    `IP address 10.10.0.50 already allocated in subnet ${subnet}`,
  ])
  expect((await neutron(`DELETE /ports/${first.body.port.id}`)).status).toBe(204)
  expect((await neutron('POST /ports', body)).status).toBe(201)
})

test('§9 every port has a MAC of its own', async () => {
  const { neutron, net } = await networkCloud()
  const made = await neutron('POST /ports', { ports: [{ network_id: net }, { network_id: net }, { network_id: net }] })
  const macs = made.body.ports.map((port) => port.mac_address)
  expect(new Set(macs).size).toBe(3)
  for (const mac of macs) expect(mac).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/)
})

test('§9 addresses come from the pools, in order, without reuse of one just given back', async () => {
  const { neutron, net } = await networkCloud()
  const make = async () => (await neutron('POST /ports', { port: { network_id: net } })).body.port
  const first = await make()
  const second = await make()
  await neutron(`DELETE /ports/${second.id}`)
  const third = await make()
  const addresses = [first, second, third].map((port) => port.fixed_ips.map((fixed) => fixed.ip_address))
  expect(addresses).toEqual([['10.10.0.2'], ['10.10.0.3'], ['10.10.0.4']])
})

test('§9 a full pool goes around to what has become free, and then refuses', async () => {
  const { neutron } = await networkCloud()
  const { network } = (await neutron('POST /networks', { network: { name: 'n' } })).body
  const allocation_pools = [{ start: '10.99.0.10', end: '10.99.0.11' }]
  await neutron('POST /subnets', {
    subnet: { network_id: network.id, ip_version: 4, cidr: '10.99.0.0/24', allocation_pools },
  })
  const make = () => neutron('POST /ports', { port: { network_id: network.id } })
  const first = await make()
  await make()
  expect(refusal(await make())).toEqual([
    409,
    'IpAddressGenerationFailure',
    `No more IP addresses available on network ${network.id}.`,
  ])
  await neutron(`DELETE /ports/${first.body.port.id}`)
  expect((await make()).body.port.fixed_ips[0]?.ip_address).toBe('10.99.0.10')
})

test('§9 a dual-stack network gives one address of each family', async () => {
  const { neutron, idOf } = await networkCloud()
  const network_id = await idOf('networks', 'bosh-net-dual')
  const { port } = (await neutron('POST /ports', { port: { network_id } })).body
  expect(port.fixed_ips.map((fixed) => fixed.ip_address)).toEqual(['10.40.0.2', 'fd00:40::2'])
})

test('§9 an address of an automatic IPv6 subnet follows from the MAC, and cannot be chosen', async () => {
  const { neutron } = await networkCloud()
  const { network } = (await neutron('POST /networks', { network: {} })).body
  const modes = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' }
  const { subnet } = (
    await neutron('POST /subnets', {
      subnet: { network_id: network.id, ip_version: 6, cidr: 'fd00:98::/64', ...modes },
    })
  ).body
  const mac_address = 'fa:16:3e:b2:e6:39'
  const { port } = (await neutron('POST /ports', { port: { network_id: network.id, mac_address } })).body
  expect(port.fixed_ips).toEqual([{ subnet_id: subnet.id, ip_address: 'fd00:98::f816:3eff:feb2:e639' }])
  const chosen = { port: { network_id: network.id, fixed_ips: [{ ip_address: 'fd00:98::5' }] } }
  expect(refusal(await neutron('POST /ports', chosen))[1]).toBe('AllocationOnAutoAddressSubnet')
})

test.each<[string, object, number, string, string]>([
  ['no network', {}, 400, 'HTTPBadRequest', "Failed to parse request. Required attribute 'network_id' not specified"],
  ['unknown network', { network_id: unknownId }, 404, 'NetworkNotFound', `Network ${unknownId} could not be found.`],
  [
    'no uuid',
    { network_id: 'x' },
    400,
    'HTTPBadRequest',
    "Invalid input for network_id. Reason: 'x' is not a valid UUID.",
  ],
  ['unknown attribute', { network_id: '', nosuch: 1 }, 400, 'HTTPBadRequest', "Unrecognized attribute(s) 'nosuch'"],
  [
    'read-only attribute',
    { network_id: '', status: 'x' },
    400,
    'HTTPBadRequest',
    "Attribute 'status' not allowed in POST",
  ],
  [
    'outside of the subnets',
    { network_id: '', fixed_ips: [{ ip_address: '192.168.77.7' }] },
    400,
    'InvalidIpForNetwork',
    'IP address 192.168.77.7 is not a valid IP for any of the subnets on the specified network.',
  ],
  [
    'the host of an admin',
    { network_id: '', 'binding:host_id': 'x' },
    403,
    'PolicyNotAuthorized',
    '(rule:create_port and rule:create_port:binding:host_id) is disallowed by policy',
  ],
  [
    'security groups without port security',
    { network_id: '', port_security_enabled: false, security_groups: ['group'] },
    400,
    'PortSecurityAndIPRequiredForSecurityGroups',
    'Port security must be enabled and port must have an IP address in order to use security groups.',
  ],
  [
    'address pairs without port security',
    { network_id: '', port_security_enabled: false, allowed_address_pairs: [{ ip_address: '1.1.1.1' }] },
    409,
    'AddressPairAndPortSecurityRequired',
    'Port Security must be enabled in order to have allowed address pairs on a port.',
  ],
  [
    'an invalid flag',
    { network_id: '', admin_state_up: 'x' },
    400,
    'InvalidInput',
    "Invalid input for operation: 'x' cannot be converted to boolean.",
  ],
])('create is refused: %s', async (_, values, status, type, message) => {
  const { neutron, net, idOf } = await networkCloud()
  const port: Record<string, unknown> = { ...values }
  if (port['network_id'] === '') port['network_id'] = net
  if (port['security_groups']) port['security_groups'] = [await idOf('security_groups', 'bosh')]
  expect(refusal(await neutron('POST /ports', { port }))).toEqual([status, type, message])
})

test('several ports of one request are all made or none is', async () => {
  const { neutron, net, cloud } = await networkCloud()
  const taken = { network_id: net, fixed_ips: [{ ip_address: '10.10.0.1' }] }
  expect((await neutron('POST /ports', { ports: [{ network_id: net }, taken] })).status).toBe(409)
  expect(cloud.leftovers()).toEqual({})
  expect((await neutron('POST /ports', { ports: [{ network_id: net }, { network_id: net }] })).body.ports).toHaveLength(
    2,
  )
})

test('§6.4 an address pair without a MAC gets the port’s own', async () => {
  const { neutron, net } = await networkCloud()
  const { port } = (await neutron('POST /ports', { port: { network_id: net } })).body
  const allowed_address_pairs = [{ ip_address: '10.10.3.3' }]
  const after = await neutron(`PUT /ports/${port.id}`, { port: { allowed_address_pairs } })
  expect(after.body.port.allowed_address_pairs).toEqual([{ ip_address: '10.10.3.3', mac_address: port.mac_address }])
})

test('an update of addresses keeps those that are asked for again', async () => {
  const { neutron, net, idOf } = await networkCloud()
  const other = await idOf('subnets', 'bosh-net-subnet-b')
  const { port } = (await neutron('POST /ports', { port: { network_id: net } })).body
  const fixed_ips = [{ ip_address: '10.10.0.2' }, { subnet_id: other }]
  const after = await neutron(`PUT /ports/${port.id}`, { port: { fixed_ips } })
  expect(after.body.port.fixed_ips.map((fixed) => fixed.ip_address)).toEqual(['10.10.0.2', '10.11.0.2'])
  expect(after.body.port.revision_number).toBe(port.revision_number + 1)
})

test('an address is looked for as a text, without regard to case', async () => {
  const { neutron, idOf } = await networkCloud()
  const network_id = await idOf('networks', 'bosh-net-dual')
  await neutron('POST /ports', { port: { network_id, fixed_ips: [{ ip_address: 'FD00:40:0::0007' }] } })
  const found = async (address: string) =>
    (await neutron(`GET /ports?fixed_ips=ip_address%3D${encodeURIComponent(address)}`)).body.ports.length
  expect(await found('fd00:40::7')).toBe(1)
  expect(await found('FD00:40::7')).toBe(1)
  expect(await found('fd00:40:0::0007')).toBe(0)
})

test('a server’s port can be deleted, a router’s not', async () => {
  const { neutron, net, idOf } = await networkCloud()
  const bound = { network_id: net, device_id: unknownId, device_owner: 'compute:z1' }
  const { port } = (await neutron('POST /ports', { port: bound })).body
  expect((await neutron(`DELETE /ports/${port.id}`)).status).toBe(204)
  const [interfacePort] = (await neutron(`GET /ports?device_id=${await idOf('routers', 'bosh-router')}`)).body.ports
  expect(refusal(await neutron(`DELETE /ports/${interfacePort?.id}`))).toEqual([
    409,
    'ServicePortInUse',
    `Port ${interfacePort?.id} cannot be deleted directly via the port API: has device owner network:router_interface.`,
  ])
})

test('ports of others do not exist, for whatever is done to them', async () => {
  const { neutron, neutronOf, net } = await networkCloud()
  const { port } = (await neutron('POST /ports', { port: { network_id: net } })).body
  const other = await neutronOf('other')
  for (const request of [`GET /ports/${port.id}`, `DELETE /ports/${port.id}`]) {
    expect(refusal(await other(request))).toEqual([404, 'PortNotFound', `Port ${port.id} could not be found.`])
  }
  expect((await other(`PUT /ports/${port.id}`, { port: { name: 'mine' } })).status).toBe(404)
  expect((await other('GET /ports')).body.ports).toEqual([])
  expect((await other('POST /ports', { port: { network_id: net } })).status).toBe(404)
  expect((await neutron(`GET /ports/${port.id}`)).body.port.name).toBe('')
})

test('§9 the quota of a project refuses the next port with 409 OverQuota, and counts', async () => {
  const { neutronOf } = await networkCloud()
  const small = await neutronOf('bosh-small')
  const [network] = (await small('GET /networks?name=small-net')).body.networks
  const make = () => small('POST /ports', { port: { network_id: network?.id } })
  for (let i = 0; i < 3; i += 1) expect((await make()).status).toBe(201)
  expect(refusal(await make())).toEqual([409, 'OverQuota', "Quota exceeded for resources: ['port']."])
  const details = await small(`GET /quotas/${network?.project_id}/details`)
  expect(details.body.quota['port']).toEqual({ limit: 3, used: 3, reserved: 0 })
})
