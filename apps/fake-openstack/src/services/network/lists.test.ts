import { expect, test } from 'vitest'
import { networkCloud, refusal, unknownId } from '../../../test/network-client.ts'

const withPorts = async (count: number, pageSize?: number) => {
  const setUp = await networkCloud(pageSize === undefined ? {} : { pageSize })
  const { neutron, net } = setUp
  const ports = Array.from({ length: count }, (_, i) => ({ network_id: net, name: `p${i}`, device_id: `device-${i}` }))
  await neutron('POST /ports', { ports })
  return setUp
}

test('§3.4 pages follow each other by their links and hold every port once, in order of id', async () => {
  const { neutron, cloud } = await withPorts(7)
  const ids: string[] = []
  let path = '/ports?limit=3&fields=id'
  for (let page = 0; page < 10; page += 1) {
    const { body } = await neutron(`GET ${path}`)
    ids.push(...body.ports.map((port) => port.id))
    const next = body.ports_links.find((link) => link.rel === 'next')
    if (!next) break
    path = next.href.slice(`${cloud.url}/network/v2.0`.length)
  }
  expect(ids).toHaveLength(12) // seven, and the five of the router
  expect(ids).toEqual([...new Set(ids)].sort())
})

test('a page that is exactly full promises a next one, which is empty', async () => {
  const { neutron } = await withPorts(2)
  const all = (await neutron('GET /ports?device_owner=&limit=2')).body
  expect(all.ports).toHaveLength(2)
  expect(all.ports_links.map((link) => link.rel)).toEqual(['next', 'previous'])
  const marker = all.ports.at(-1)?.id
  expect((await neutron(`GET /ports?device_owner=&limit=2&marker=${marker}`)).body.ports).toEqual([])
})

test('a reversed page is the one before the marker, in the same order', async () => {
  const { neutron } = await withPorts(3)
  const ids = (await neutron('GET /ports?fields=id')).body.ports.map((port) => port.id)
  const before = await neutron(`GET /ports?fields=id&limit=2&page_reverse=True&marker=${ids[3]}`)
  expect(before.body.ports.map((port) => port.id)).toEqual(ids.slice(1, 3))
})

test('the cloud’s own page size cuts lists that ask for no limit', async () => {
  const { neutron } = await withPorts(3, 2)
  const { body } = await neutron('GET /ports')
  expect(body.ports).toHaveLength(2)
  expect(body.ports_links.map((link) => link.rel)).toContain('next')
})

test.each<[string, number]>([
  ['device_id=device-1', 1],
  ['name=P1&name=p2', 2],
  ['fixed_ips=ip_address%3D10.10.0.3', 1],
  ['fixed_ips=ip_address%3D10.10.0.3&fixed_ips=ip_address%3D10.10.0.4', 2],
  ['fixed_ips=ip_address_substr%3D10.10.0.', 4],
  ['fixed_ips=ip_address%3D192.0.2.1', 0],
  ['device_owner=network:router_interface', 5],
  ['device_id=', 0],
  ['status=DOWN', 3],
  ['admin_state_up=false', 0],
  ['tags=a', 1],
  ['tags=a,b', 0],
  ['tags-any=a,b', 2],
  ['not-tags-any=a,b', 6],
])('§9 ports?%s finds %i', async (query, count) => {
  const { neutron } = await withPorts(3)
  const { ports } = (await neutron('GET /ports?status=DOWN')).body
  await neutron(`PUT /ports/${ports[0]?.id}/tags`, { tags: ['a'] })
  await neutron(`PUT /ports/${ports[1]?.id}/tags/b`)
  expect((await neutron(`GET /ports?${query}`)).body.ports).toHaveLength(count)
})

test.each<[string, number, string, string]>([
  ['/ports?nosuch=1', 400, 'HTTPBadRequest', "['nosuch'] is invalid attribute for filtering"],
  ['/ports?limit=x', 400, 'BadRequest', "Bad limit request: Limit must be an integer 0 or greater and not 'x'."],
  [`/ports?limit=1&marker=${unknownId}`, 404, 'PortNotFound', `Port ${unknownId} could not be found.`],
  ['/ports?sort_key=name', 400, 'HTTPBadRequest', 'The number of sort_keys and sort_dirs must be same'],
  ['/ports?sort_key=x&sort_dir=asc', 400, 'HTTPBadRequest', "['x'] is invalid attribute for sort_keys"],
  [
    '/ports?fixed_ips=10.11',
    400,
    'InvalidInput',
    "Invalid input for operation: '10.11' is not of the form <key>=[value].",
  ],
])('GET %s is refused', async (path, ...expected) => {
  const { neutron } = await networkCloud()
  expect(refusal(await neutron(`GET ${path}`))).toEqual(expected)
})

test('sorting, and fields that nothing has', async () => {
  const { neutron } = await withPorts(3)
  const sorted = await neutron('GET /ports?status=DOWN&sort_key=name&sort_dir=desc&fields=name')
  expect(sorted.body.ports).toEqual([{ name: 'p2' }, { name: 'p1' }, { name: 'p0' }])
  expect((await neutron('GET /ports?name=p1&fields=nosuch')).body.ports).toEqual([{}])
})

test('a look-up by device does not grow with the number of ports', async () => {
  const { cloud, neutron } = await withPorts(1)
  const { ports } = await import('./records.ts')
  const collection = cloud.store.of(ports)
  let read = 0
  const walk = collection.walk.bind(collection)
  collection.walk = function* (...args) {
    for (const record of walk(...args)) {
      read += 1
      yield record
    }
  }
  await neutron('GET /ports?device_id=device-0')
  expect(read).toBe(1)
})

test('networks: own, shared and external ones are seen, others are not', async () => {
  const { neutron, neutronOf } = await networkCloud()
  const names = async (ask: typeof neutron) => (await ask('GET /networks')).body.networks.map((one) => one.name).sort()
  expect(await names(neutron)).toEqual(['bosh-net', 'bosh-net-2', 'bosh-net-dual', 'public'])
  const admin = await neutronOf('admin')
  await admin('POST /networks', { network: { name: 'for-all', shared: true } })
  expect(await names(await neutronOf('other'))).toEqual(['for-all', 'public'])
  expect((await neutron('GET /networks?router:external=true')).body.networks).toHaveLength(1)
})

test('a collection of an extension is empty at first, checks its query, and finds no id', async () => {
  const { neutron } = await networkCloud()
  expect((await neutron('GET /trunks?status=x')).status).toBe(400)
  expect((await neutron('GET /address-scopes?ip_version=x')).status).toBe(400)
  expect((await neutron('GET /address-scopes?sort_key=nosuch&sort_dir=asc')).status).toBe(400)
  expect((await neutron('GET /trunks?limit=-1')).status).toBe(400)
  expect((await neutron('GET /trunks')).body).toEqual({ trunks: [] })
  const missing = await neutron('GET /trunks/10.0.0.0')
  expect(refusal(missing)).toEqual([404, 'TrunkNotFound', 'Trunk 10.0.0.0 could not be found.'])
  expect((await neutron('PUT /trunks/x', {})).status).toBe(400)
  expect((await neutron('PUT /trunks/x', { trunk: {} })).status).toBe(404)
  const created = await neutron('POST /trunks', { trunk: {} })
  expect(refusal(created)[2]).toBe("Failed to parse request. Required attribute 'port_id' not specified")
  const id = '00000000-1111-2222-3333-444444444444'
  expect(refusal(await neutron('POST /trunks', { trunk: { port_id: id } }))[1]).toBe('PortNotFound')
  const policy = { object_type: 'network', object_id: id, target_tenant: 'x', action: 'access_as_shared' }
  expect(refusal(await neutron('POST /rbac-policies', { rbac_policy: policy }))[1]).toBe('InvalidInput')
  expect(refusal(await neutron('POST /flavors', { flavor: { service_type: 'x' } }))[1]).toBe('PolicyNotAuthorized')
})

test('a collection without a method for one object fails, as in Neutron, once the form of the request is right', async () => {
  const { neutron } = await networkCloud()
  expect((await neutron('GET /availability_zones/x')).status).toBe(500)
  expect((await neutron('PUT /service-providers/x', { service_provider: { name: 'y' } })).status).toBe(400)
  expect((await neutron('DELETE /service-providers/x')).status).toBe(500)
  expect((await neutron('POST /floatingip_pools', { floatingip_pool: {} })).status).toBe(400)
})

test('the body of a DELETE is refused by extensions in any case, and by networks, subnets and ports that exist', async () => {
  const { neutron } = await networkCloud()
  expect((await neutron('DELETE /routers/nosuch', {})).status).toBe(400)
  expect((await neutron('DELETE /networks/nosuch', {})).status).toBe(404)
  const { network } = (await neutron('POST /networks', { network: { name: 'n' } })).body
  expect((await neutron(`DELETE /networks/${network.id}`, [])).status).toBe(400)
  expect((await neutron(`DELETE /networks/${network.id}`)).status).toBe(204)
})

test('a field of an extension that the fake does not model is 501, unless Neutron refuses it', async () => {
  const { neutron } = await networkCloud()
  expect((await neutron('POST /networks', { network: { segments: [{}] } })).status).toBe(501)
  expect((await neutron('POST /ports', { port: { network_id: 'x', numa_affinity_policy: 'x' } })).status).toBe(400)
})
