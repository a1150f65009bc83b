import { expect, test } from 'vitest'
import { networkCloud, refusal } from '../../../test/network-client.ts'

const withRouter = async () => {
  const setUp = await networkCloud()
  const { neutron } = setUp
  const { network } = (await neutron('POST /networks', { network: { name: 'n' } })).body
  const wanted = { network_id: network.id, ip_version: 4, cidr: '10.88.0.0/24' }
  const subnetId = (await neutron('POST /subnets', { subnet: wanted })).body.subnet.id
  const { router } = (await neutron('POST /routers', { router: { name: 'r' } })).body
  const interfaces = (verb: 'add' | 'remove', body: object) =>
    neutron(`PUT /routers/${router.id}/${verb}_router_interface`, body)
  return { ...setUp, network, subnetId, router, interfaces }
}

test('§7.21 an interface takes the gateway address, and goes with remove', async () => {
  const { neutron, router, subnetId, interfaces } = await withRouter()
  const added = await interfaces('add', { subnet_id: subnetId })
  expect(added).toMatchObject({ status: 200, body: { id: router.id, subnet_id: subnetId, subnet_ids: [subnetId] } })
  const { ports } = (await neutron(`GET /ports?device_id=${router.id}`)).body
  expect(ports).toMatchObject([{ status: 'ACTIVE', fixed_ips: [{ subnet_id: subnetId, ip_address: '10.88.0.1' }] }])
  expect((await interfaces('remove', { subnet_id: subnetId })).status).toBe(200)
  expect((await neutron(`GET /ports?device_id=${router.id}`)).body.ports).toEqual([])
})

test.each<[string, object, number, string]>([
  ['nothing', {}, 400, 'Bad router request: Either subnet_id or port_id must be specified.'],
  ['no uuid', { subnet_id: 'x' }, 400, "Bad router request: 'x' is not a valid UUID."],
  [
    'an unknown subnet',
    { subnet_id: '00000000-1111-2222-3333-444444444444' },
    404,
    'Subnet 00000000-1111-2222-3333-444444444444 could not be found.',
  ],
])('an interface is refused: %s', async (_, body, status, message) => {
  const { interfaces } = await withRouter()
  const [got, , words] = refusal(await interfaces('add', body))
  expect([got, words]).toEqual([status, message])
})

test('a subnet has one interface per router, and its gateway stays while it is one', async () => {
  const { neutron, subnetId, interfaces } = await withRouter()
  await interfaces('add', { subnet_id: subnetId })
  expect(refusal(await interfaces('add', { subnet_id: subnetId }))[2]).toBe(
    `Bad router request: Router already has a port on subnet ${subnetId}.`,
  )
  const moved = await neutron(`PUT /subnets/${subnetId}`, { subnet: { gateway_ip: '10.88.0.1', name: 'same' } })
  expect(moved.status).toBe(200)
  const pools = { allocation_pools: [{ start: '10.88.0.10', end: '10.88.0.20' }] }
  const other = await neutron(`PUT /subnets/${subnetId}`, { subnet: { gateway_ip: '10.88.0.254', ...pools } })
  expect(refusal(other)[1]).toBe('GatewayIpInUse')
})

test('a router in use stays; one with a gateway only goes, and its address with it', async () => {
  const { neutron, router, subnetId, interfaces, external, cloud } = await withRouter()
  const gateway = { router: { external_gateway_info: { network_id: external } } }
  expect((await neutron(`PUT /routers/${router.id}`, gateway)).body.router).toMatchObject({
    external_gateway_info: { network_id: external, enable_snat: true },
  })
  await interfaces('add', { subnet_id: subnetId })
  expect(refusal(await neutron(`DELETE /routers/${router.id}`))[1]).toBe('RouterInUse')
  await interfaces('remove', { subnet_id: subnetId })
  expect((await neutron(`DELETE /routers/${router.id}`)).status).toBe(204)
  expect(Object.keys(cloud.leftovers()).sort()).toEqual(['networks', 'subnets'])
})

test('a router interface and a gateway that a floating IP needs cannot be removed', async () => {
  const { neutron, router, network, subnetId, interfaces, external } = await withRouter()
  await neutron(`PUT /routers/${router.id}`, { router: { external_gateway_info: { network_id: external } } })
  await interfaces('add', { subnet_id: subnetId })
  const { port } = (await neutron('POST /ports', { port: { network_id: network.id } })).body
  await neutron('POST /floatingips', { floatingip: { floating_network_id: external, port_id: port.id } })
  expect(refusal(await interfaces('remove', { subnet_id: subnetId }))[1]).toBe('RouterInterfaceInUseByFloatingIP')
  const none = await neutron(`PUT /routers/${router.id}`, { router: { external_gateway_info: {} } })
  expect(refusal(none)[1]).toBe('RouterExternalGatewayInUseByFloatingIp')
})

test('an administrator makes a router distributed, which its project does not see', async () => {
  const { cloud, neutron, neutronOf } = await networkCloud()
  const admin = await neutronOf('admin')
  const router = {
    name: 'r',
    distributed: false,
    ha: false,
    admin_state_up: false,
    project_id: cloud.projectId('bosh'),
  }
  const made = (await admin('POST /routers', { router })).body.router
  expect(made).toMatchObject({ distributed: false, ha: false })
  const changed = (await admin(`PUT /routers/${made.id}`, { router: { distributed: true } })).body.router
  expect(changed).toMatchObject({ distributed: true, ha: false })
  expect((await neutron(`GET /routers/${made.id}`)).body.router).not.toHaveProperty('distributed')
})
