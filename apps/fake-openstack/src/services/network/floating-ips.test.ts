import { expect, test } from 'vitest'
import { networkCloud, refusal, unknownId } from '../../../test/network-client.ts'

const withPort = async (network?: string) => {
  const setUp = await networkCloud()
  const network_id = network === undefined ? setUp.net : await setUp.idOf('networks', network)
  const { port } = (await setUp.neutron('POST /ports', { port: { network_id } })).body
  const { body } = await setUp.neutron('GET /floatingips?floating_ip_address=203.0.113.137')
  const [floatingIp] = body.floatingips
  if (!floatingIp) throw new Error('the seed has no floating IP')
  const put = (floatingip: object) => setUp.neutron(`PUT /floatingips/${floatingIp.id}`, { floatingip })
  const show = async () => (await setUp.neutron(`GET /floatingips/${floatingIp.id}`)).body.floatingip
  return { ...setUp, port, floatingIp, put, show }
}

test('§6.5 one PUT associates; the answer has the old status, the next look the new one', async () => {
  const { put, show, port } = await withPort()
  const answer = await put({ port_id: port.id })
  expect(answer.body.floatingip).toMatchObject({ port_id: port.id, fixed_ip_address: '10.10.0.2', status: 'DOWN' })
  expect(answer.body.floatingip.router_id).not.toBeNull()
  expect((await show()).status).toBe('ACTIVE')
})

test('a PUT without port_id disassociates, one that only describes does not', async () => {
  const { put, show, port } = await withPort()
  await put({ port_id: port.id })
  await put({ description: 'mine' })
  expect((await show()).port_id).toBe(port.id)
  const answer = await put({})
  expect(answer.body.floatingip).toMatchObject({ port_id: null, router_id: null, status: 'ACTIVE' })
  expect((await show()).status).toBe('DOWN')
})

test('the address moves from port to port with a single PUT', async () => {
  const { neutron, net, put, port, floatingIp } = await withPort()
  await put({ port_id: port.id })
  const other = (await neutron('POST /ports', { port: { network_id: net } })).body.port
  expect((await put({ port_id: other.id })).status).toBe(200)
  expect((await neutron(`GET /floatingips?port_id=${port.id}`)).body.floatingips).toEqual([])
  expect((await neutron(`GET /floatingips?port_id=${other.id}`)).body.floatingips[0]?.id).toBe(floatingIp.id)
})

test('when the port goes, the address stays and is free', async () => {
  const { neutron, put, show, port } = await withPort()
  await put({ port_id: port.id })
  await neutron(`DELETE /ports/${port.id}`)
  expect(await show()).toMatchObject({ port_id: null, fixed_ip_address: null, router_id: null })
})

test('a second address for a port, an unknown port, and a port without the address are refused', async () => {
  const { neutron, put, port, external } = await withPort()
  await put({ port_id: port.id })
  const second = await neutron('POST /floatingips', {
    floatingip: { floating_network_id: external, port_id: port.id },
  })
  expect(refusal(second).slice(0, 2)).toEqual([409, 'FloatingIPPortAlreadyAssociated'])
  expect(refusal(await put({ port_id: unknownId }))).toEqual([
    404,
    'PortNotFound',
    `Port ${unknownId} could not be found.`,
  ])
  const wrong = await put({ port_id: port.id, fixed_ip_address: '10.10.0.77' })
  expect(refusal(wrong)[2]).toBe(`Bad floatingip request: Port ${port.id} does not have fixed ip 10.10.0.77.`)
})

test('without a router between the networks there is no way: 404', async () => {
  const { neutron, floatingIp, external } = await withPort()
  const { network } = (await neutron('POST /networks', { network: {} })).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.88.0.0/24' }
  const subnetId = (await neutron('POST /subnets', { subnet })).body.subnet.id
  const { port } = (await neutron('POST /ports', { port: { network_id: network.id } })).body
  const answer = await neutron(`PUT /floatingips/${floatingIp.id}`, { floatingip: { port_id: port.id } })
  expect(refusal(answer)).toEqual([
    404,
    'ExternalGatewayForFloatingIPNotFound',
    `External network ${external} is not reachable from subnet ${subnetId}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
  ])
})

test('of a dual-stack port the IPv4 address is taken', async () => {
  const { put, port } = await withPort('bosh-net-dual')
  expect((await put({ port_id: port.id })).body.floatingip.fixed_ip_address).toBe('10.40.0.2')
})

test('allocation: from external networks only, an address of one’s choice for admins only, within the quota', async () => {
  const { neutron, neutronOf, net, external } = await withPort()
  const allocate = (ask: typeof neutron, floatingip: object) => ask('POST /floatingips', { floatingip })
  expect(refusal(await allocate(neutron, { floating_network_id: net }))).toEqual([
    400,
    'BadRequest',
    `Bad floatingip request: Network ${net} is not a valid external network.`,
  ])
  const chosen = { floating_network_id: external, floating_ip_address: '203.0.113.99' }
  expect(refusal(await allocate(neutron, chosen))[2]).toBe(
    '(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy',
  )
  const given = await allocate(await neutronOf('admin'), chosen)
  expect(given.body.floatingip.floating_ip_address).toBe('203.0.113.99')
  const small = await neutronOf('bosh-small')
  expect((await allocate(small, { floating_network_id: external })).status).toBe(201)
  expect(refusal(await allocate(small, { floating_network_id: external }))[1]).toBe('OverQuota')
})

test('the clock: a status that a rule holds comes when it is let go', async () => {
  const { cloud, put, show, port } = await withPort()
  cloud.faults.add({ match: { transition: 'floatingips.associate.reported' }, times: 1, do: { delay: '30s' } })
  await put({ port_id: port.id })
  expect((await show()).status).toBe('DOWN')
  cloud.clock.advance('30s')
  expect((await show()).status).toBe('ACTIVE')
})
