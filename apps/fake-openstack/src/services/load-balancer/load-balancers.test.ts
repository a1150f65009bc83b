import { expect, test } from 'vitest'
import { networkCloud, unknownId } from '../../../test/network-client.ts'

type Options = Parameters<typeof networkCloud>[0]

const withLoadBalancer = async (options: Options = {}) => {
  const setUp = await networkCloud(options)
  const { octavia, cloud, subnet } = setUp
  const made = await octavia('POST /loadbalancers', { loadbalancer: { name: 'lb', vip_subnet_id: subnet } })
  const { loadbalancer } = made.body
  const settle = () => cloud.clock.advance('2s')
  const show = async () => (await octavia(`GET /loadbalancers/${loadbalancer.id}`)).body.loadbalancer
  return { ...setUp, loadbalancer, settle, show }
}

const withPool = async () => {
  const setUp = await withLoadBalancer()
  const { octavia, loadbalancer, settle } = setUp
  settle()
  const wanted = { loadbalancer_id: loadbalancer.id, protocol: 'TCP', protocol_port: 80 }
  const { listener } = (await octavia('POST /listeners', { listener: wanted })).body
  settle()
  const form = { name: 'p', listener_id: listener.id, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' }
  const { pool } = (await octavia('POST /pools', { pool: form })).body
  settle()
  const add = (values: object) =>
    octavia(`POST /pools/${pool.id}/members`, { member: { address: '10.10.1.5', protocol_port: 8080, ...values } })
  const addresses = async () =>
    (await octavia(`GET /pools/${pool.id}/members`)).body.members.map((member) => member.address).sort()
  return { ...setUp, listener, pool, add, addresses }
}

test('§9 a load balancer is pending until its time has come, with a port of Neutron for its address', async () => {
  const { neutron, loadbalancer, show, cloud, subnet } = await withLoadBalancer()
  expect(loadbalancer).toMatchObject({ provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE' })
  cloud.clock.advance('1s')
  expect((await show()).provisioning_status).toBe('PENDING_CREATE')
  cloud.clock.advance('1s')
  expect((await show()).provisioning_status).toBe('ACTIVE')
  expect((await neutron(`GET /ports/${loadbalancer.vip_port_id}`)).body.port).toMatchObject({
    name: `octavia-lb-${loadbalancer.id}`,
    device_owner: 'Octavia',
    fixed_ips: [{ subnet_id: subnet, ip_address: loadbalancer.vip_address }],
  })
})

test('§6.6 while it is pending every change is refused with 409', async () => {
  const { octavia, loadbalancer } = await withLoadBalancer()
  const listener = { loadbalancer_id: loadbalancer.id, protocol: 'TCP', protocol_port: 80 }
  const refused = await octavia('POST /listeners', { listener })
  expect([refused.status, refused.body.faultstring]).toEqual([
    409,
    `Load Balancer ${loadbalancer.id} is immutable and cannot be updated.`,
  ])
  const renamed = await octavia(`PUT /loadbalancers/${loadbalancer.id}`, { loadbalancer: { name: 'x' } })
  expect([renamed.status, renamed.body.faultstring]).toEqual([
    409,
    `Invalid state PENDING_CREATE of loadbalancer resource ${loadbalancer.id}`,
  ])
})

test('§6.6 a member makes all above it pending, and a second one has to wait', async () => {
  const { octavia, pool, add, settle, show } = await withPool()
  const first = await add({ protocol_port: '8080', weight: 0 })
  expect(first).toMatchObject({ status: 201, body: { member: { protocol_port: 8080, weight: 0 } } })
  expect((await show()).provisioning_status).toBe('PENDING_UPDATE')
  const second = await add({ address: '10.10.1.6' })
  expect([second.status, second.body.faultstring]).toEqual([409, `Pool ${pool.id} is immutable and cannot be updated.`])
  settle()
  const { member } = (await octavia(`GET /pools/${pool.id}/members/${first.body.member.id}`)).body
  expect(member).toMatchObject({ provisioning_status: 'ACTIVE', operating_status: 'NO_MONITOR' })
})

test('§9 a member is once in a pool; it is gone when its removal is through', async () => {
  const { octavia, pool, add, settle, addresses } = await withPool()
  const { member } = (await add({})).body
  settle()
  const again = await add({})
  expect([again.status, again.body.faultstring]).toEqual([
    409,
    'Another member on this pool is already using ip 10.10.1.5 on protocol_port 8080',
  ])
  settle()
  const path = `/pools/${pool.id}/members/${member.id}`
  expect((await octavia(`DELETE ${path}`)).status).toBe(204)
  expect(await addresses()).toEqual(['10.10.1.5'])
  settle()
  expect(await addresses()).toEqual([])
  expect((await octavia(`DELETE ${path}`)).body.faultstring).toBe(`Member ${member.id} not found.`)
})

test('the members as a whole are replaced, or only added to', async () => {
  const { octavia, pool, add, settle, addresses } = await withPool()
  await add({})
  settle()
  const put = (query: string, ...wanted: string[]) =>
    octavia(`PUT /pools/${pool.id}/members${query}`, {
      members: wanted.map((address) => ({ address, protocol_port: 80 })),
    })
  expect((await put('', '10.10.1.7', '10.10.1.8')).status).toBe(202)
  settle()
  expect(await addresses()).toEqual(['10.10.1.7', '10.10.1.8'])
  await put('?additive_only=true', '10.10.1.9')
  settle()
  expect(await addresses()).toEqual(['10.10.1.7', '10.10.1.8', '10.10.1.9'])
})

test.each<[string, object, string]>([
  [
    'no address',
    { address: 'x' },
    "Invalid input for field/attribute address. Value: 'x'. Value should be IPv4 or IPv6 format",
  ],
  ['an unknown subnet', { subnet_id: unknownId }, `Subnet ${unknownId} not found.`],
  [
    'too heavy',
    { weight: 300 },
    "Invalid input for field/attribute weight. Value: '300'. Value should be lower or equal to 256",
  ],
  ['an unknown field', { bogus: 1 }, 'Unknown attribute for argument member_.member: bogus'],
  [
    'no port',
    { protocol_port: null },
    "Invalid input for field/attribute protocol_port. Value: 'None'. Mandatory field missing.",
  ],
])('a member is refused: %s', async (_, values, words) => {
  const { add, show } = await withPool()
  const answer = await add(values)
  expect([answer.status, answer.body.faultstring]).toEqual([400, words])
  expect((await show()).provisioning_status).toBe('ACTIVE')
})

test('members of an unknown pool: 404 with the words of Octavia’s router', async () => {
  const { octavia } = await networkCloud()
  const answer = await octavia(`GET /pools/${unknownId}/members`)
  expect(answer).toMatchObject({ status: 404, body: { description: `Pool ${unknownId} not found.` } })
})

test('a listener’s port is taken per transport', async () => {
  const { octavia, loadbalancer, settle } = await withPool()
  const make = (protocol: string) =>
    octavia('POST /listeners', { listener: { loadbalancer_id: loadbalancer.id, protocol, protocol_port: 80 } })
  expect((await make('HTTP')).status).toBe(409)
  expect((await make('UDP')).status).toBe(201)
  settle()
})

test('deleting: refused with children, with cascade all goes, the port too', async () => {
  const { octavia, neutron, loadbalancer, cloud, show, add, settle } = await withPool()
  await add({})
  settle()
  const path = `/loadbalancers/${loadbalancer.id}`
  const refused = await octavia(`DELETE ${path}`)
  expect([refused.status, refused.body.faultstring]).toEqual([
    400,
    `Validation failure: Cannot delete Load Balancer ${loadbalancer.id} - it has children`,
  ])
  expect((await octavia(`DELETE ${path}?cascade=true`)).status).toBe(204)
  expect((await show()).provisioning_status).toBe('PENDING_DELETE')
  settle()
  expect((await octavia(`GET ${path}`)).status).toBe(404)
  expect((await neutron(`GET /ports/${loadbalancer.vip_port_id}`)).status).toBe(404)
  expect(cloud.leftovers()).toEqual({})
})

test('§9 names of pools may repeat', async () => {
  const { octavia, loadbalancer, settle } = await withPool()
  const duplicate = { name: 'p', loadbalancer_id: loadbalancer.id, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' }
  expect((await octavia('POST /pools', { pool: duplicate })).status).toBe(201)
  settle()
  expect((await octavia('GET /pools?name=p')).body.pools).toHaveLength(2)
})

test('a pool that goes is no longer anybody’s default', async () => {
  const { octavia, pool, listener, settle } = await withPool()
  await octavia(`DELETE /pools/${pool.id}`)
  settle()
  expect((await octavia(`GET /listeners/${listener.id}`)).body.listener.default_pool_id).toBeNull()
  expect((await octavia(`GET /pools/${pool.id}`)).status).toBe(404)
})

test('a failure that a rule wants ends in ERROR, which can be deleted but not changed', async () => {
  const { octavia, cloud, pool, show, settle, loadbalancer, add } = await withPool()
  const match = { transition: 'loadbalancers.update.active' }
  cloud.faults.add({ match, times: 1, do: { state: { to: 'ERROR', message: 'no amphora' } } })
  await add({})
  settle()
  expect((await show()).provisioning_status).toBe('ERROR')
  expect((await octavia(`GET /pools/${pool.id}`)).body.pool.provisioning_status).toBe('ERROR')
  expect((await add({ address: '10.10.1.6' })).status).toBe(409)
  expect((await octavia(`DELETE /loadbalancers/${loadbalancer.id}?cascade=true`)).status).toBe(204)
})

test('resources of another project are 403, and no list shows them', async () => {
  const { octaviaOf, loadbalancer, pool } = await withPool()
  const other = await octaviaOf('other')
  for (const path of [`/loadbalancers/${loadbalancer.id}`, `/pools/${pool.id}`, `/pools/${pool.id}/members`]) {
    const answer = await other(`GET ${path}`)
    expect([answer.status, answer.body.faultstring]).toEqual([
      403,
      'Policy does not allow this request to be performed.',
    ])
  }
  expect((await other('GET /loadbalancers')).body.loadbalancers).toEqual([])
})

test('lists: names, unknown filters, pages with links', async () => {
  const { octavia, subnet, pool } = await withPool()
  await octavia('POST /loadbalancers', { loadbalancer: { name: 'lb2', vip_subnet_id: subnet } })
  expect((await octavia('GET /pools?name=p')).body.pools).toMatchObject([{ id: pool.id, members: [] }])
  expect((await octavia('GET /pools?bogus=1')).body.faultstring).toBe(
    'One or more arguments are either duplicate or invalid',
  )
  const first = (await octavia('GET /loadbalancers?limit=1&fields=name')).body
  expect(first.loadbalancers).toEqual([{ name: 'lb' }])
  const next = new URL(first.loadbalancers_links[0]?.href ?? '')
  expect((await octavia(`GET /loadbalancers${next.search}`)).body.loadbalancers).toMatchObject([{ name: 'lb2' }])
})

test('the quota of a project', async () => {
  const { octavia, cloud, subnet, loadbalancer } = await withLoadBalancer()
  cloud.context.quotas.set('load-balancer', loadbalancer.project_id, { load_balancer: 1 })
  const refused = await octavia('POST /loadbalancers', { loadbalancer: { vip_subnet_id: subnet } })
  expect([refused.status, refused.body.faultstring]).toEqual([403, 'Quota has been met for resources: Load Balancer'])
})

test('quotas are read before the role of the caller, by both names of a limit, and take no query', async () => {
  const { octavia, octaviaOf, loadbalancer } = await withLoadBalancer()
  const path = `/quotas/${loadbalancer.project_id}`
  expect((await octavia(`PUT ${path}`, { quota: { load_balancer: 'x' } })).status).toBe(400)
  expect((await octavia(`PUT ${path}`, { quota: { load_balancer: 1 } })).status).toBe(403)
  expect((await octavia(`GET ${path}?limit=1`)).status).toBe(400)
  const admin = await octaviaOf('admin')
  expect((await admin(`PUT ${path}`, { quota: { load_balancer: -2 } })).status).toBe(400)
  expect((await admin(`PUT ${path}`, { quota: { loadbalancer: 7 } })).status).toBe(202)
  expect((await octavia(`GET ${path}`)).body.quota['load_balancer']).toBe(7)
  const { body } = await admin('GET /quotas')
  const own = { load_balancer: 7, loadbalancer: 7, listener: null, project_id: loadbalancer.project_id }
  expect(body).toMatchObject({ quotas: [own] })
  expect((await (await octaviaOf('other'))('GET /quotas')).body).toMatchObject({ quotas: [] })
  expect((await admin(`DELETE ${path}`)).status).toBe(202)
})

test('text after a slash in an id is taken for the body of a change', async () => {
  const { octavia } = await withLoadBalancer()
  for (const id of ['a/b', 'a%2Fb']) {
    const refused = await octavia(`PUT /pools/${id}`, { pool: {} })
    expect([refused.status, refused.body.faultstring]).toEqual([
      400,
      "Invalid input for field/attribute pool_. Value: 'b'. unable to convert to PoolRootPut. " +
        'Error: Base.__init__() takes 1 positional argument but 2 were given',
    ])
    expect((await octavia(`GET /pools/${id}`)).status).toBe(404)
  }
})

test('an administrator fails a load balancer over, which leaves it pending for a while', async () => {
  const { octavia, octaviaOf, loadbalancer, settle, show } = await withLoadBalancer()
  const path = `PUT /loadbalancers/${loadbalancer.id}/failover`
  const admin = await octaviaOf('admin')
  expect((await admin(path)).status).toBe(409)
  settle()
  expect((await octavia(path)).status).toBe(403)
  expect((await admin(path)).status).toBe(202)
  expect((await show()).provisioning_status).toBe('PENDING_UPDATE')
  settle()
  expect((await show()).provisioning_status).toBe('ACTIVE')
})

test('lists filter as the database compares: numbers by their beginning, flags by words, other columns not at all', async () => {
  const { octavia, add, settle } = await withPool()
  await add({ weight: 3 })
  settle()
  const count = async (path: string) => Object.values((await octavia(`GET ${path}`)).body)[0]?.length
  expect(await count('/listeners?protocol_port=80x')).toBe(1)
  expect(await count('/pools?enabled=yes')).toBe(1)
  expect(await count('/pools?enabled=maybe')).toBe(0)
  expect((await octavia('GET /listeners?peer_port=1')).status).toBe(501)
  expect((await octavia('GET /listeners?tenant_id=x')).status).toBe(400)
  expect((await octavia('GET /listeners?limit=0')).status).toBe(500)
})

test('§6.6 clouds without Octavia: the same below Neutron, in Neutron’s words', async () => {
  const { lbaas, octavia, cloud, subnet } = await networkCloud({ loadBalancing: 'neutron' })
  expect((await octavia('GET /loadbalancers')).status).toBe(404)
  expect(cloud.context.catalog.map((service) => service.type)).not.toContain('load-balancer')
  const { loadbalancer } = (await lbaas('POST /loadbalancers', { loadbalancer: { vip_subnet_id: subnet } })).body
  const listener = { loadbalancer_id: loadbalancer.id, protocol: 'TCP', protocol_port: 80 }
  const refused = await lbaas('POST /listeners', { listener })
  expect([refused.status, refused.body.NeutronError]).toEqual([
    409,
    {
      type: 'StateInvalid',
      message: `Invalid state PENDING_CREATE of loadbalancer resource ${loadbalancer.id}`,
      detail: '',
    },
  ])
  cloud.clock.advance('2s')
  expect((await lbaas('POST /listeners', { listener })).status).toBe(201)
})

test('clouds with Octavia: Neutron knows nothing of load balancers', async () => {
  const { lbaas } = await networkCloud()
  expect((await lbaas('GET /pools')).body.NeutronError.type).toBe('HTTPNotFound')
})

test.each(['v2', 'v2.0'])(
  'an administrator sees one amphora of each load balancer below /%s/octavia',
  async (version) => {
    const { cloud, octavia, subnet } = await networkCloud()
    const { loadbalancer } = (await octavia('POST /loadbalancers', { loadbalancer: { vip_subnet_id: subnet } })).body
    cloud.clock.advance('5s')
    const ask = async (user: string, path: string) => {
      const headers = { 'x-auth-token': await cloud.token(user) }
      const answer = await cloud.fetch(`${cloud.url}/load-balancer/${version}/octavia/amphorae${path}`, { headers })
      return { status: answer.status, body: JSON.parse(await answer.text()) }
    }
    const listed = await ask('admin', `?loadbalancer_id=${loadbalancer.id}`)
    expect(listed.body.amphorae).toMatchObject([{ loadbalancer_id: loadbalancer.id, status: 'ALLOCATED' }])
    const [amphora] = listed.body.amphorae
    expect(await ask('admin', `/${amphora.id}`)).toEqual({ status: 200, body: { amphora } })
    expect((await ask('admin', '?loadbalancer_id=none')).body).toEqual({ amphorae: [], amphorae_links: [] })
    expect((await ask('admin', '/none')).body.faultstring).toBe('Amphora none not found.')
    expect((await ask('admin', `/${amphora.id}/stats`)).status).toBe(501)
    expect((await ask('bosh', '')).status).toBe(403)
  },
)
