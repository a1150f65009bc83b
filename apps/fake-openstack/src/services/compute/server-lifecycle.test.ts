import { expect, test } from 'vitest'
import { computeCloud, sequence } from '../../../test/compute-client.ts'

const isServers = (port: Record<string, unknown>): boolean => String(port['device_owner']).startsWith('compute')

test('§9 a server builds through its task states, has no addresses before it is ACTIVE, and its port is bound', async () => {
  const { cloud, nova, show, request, records } = await computeCloud()
  const answer = await nova('POST', '/servers', { server: request({ availability_zone: 'z1' }) })
  expect(answer.status).toBe(202)
  expect(Object.keys(answer.json.server)).toEqual(['id', 'links', 'OS-DCF:diskConfig', 'security_groups', 'adminPass'])
  const { id } = answer.json.server
  expect(answer.headers.get('location')).toBe(`${cloud.url}/compute/v2.1/servers/${id}`)
  const states = await sequence(
    (ms) => cloud.clock.advance(ms),
    async () => {
      const server = await show(id)
      return [server.status, server['OS-EXT-STS:task_state'], Object.keys(server.addresses).join()]
    },
  )
  expect(states).toEqual([
    ['BUILD', 'scheduling', ''],
    ['BUILD', null, ''],
    ['BUILD', 'networking', ''],
    ['BUILD', 'spawning', ''],
    ['ACTIVE', null, 'bosh-net'],
  ])
  expect(records('ports').find((port) => port['device_id'] === id)).toMatchObject({
    device_owner: 'compute:z1',
    status: 'ACTIVE',
    'binding:host_id': 'compute-z1',
  })
})

test('§9 a deleted server is deleting, then DELETED for a moment, then gone; its own port goes, a given one stays', async () => {
  const { cloud, nova, neutron, idOf, running, records } = await computeCloud()
  const made = await neutron('POST', '/ports', { port: { network_id: idOf('networks', 'bosh-net'), name: 'mine' } })
  const id = await running({ networks: [{ port: made.json.port.id }, { uuid: idOf('networks', 'bosh-net-2') }] })
  expect(records('ports').filter((port) => port['device_id'] === id)).toHaveLength(2)
  expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204)
  expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204)
  const states = await sequence(
    (ms) => cloud.clock.advance(ms),
    async () => {
      const { status, json } = await nova('GET', `/servers/${id}`)
      return status === 200 ? [status, json.server.status, json.server['OS-EXT-STS:task_state']] : [status]
    },
  )
  expect(states).toEqual([[200, 'ACTIVE', 'deleting'], [200, 'DELETED', null], [404]])
  const ports = records('ports').filter((port) => isServers(port) || port['name'] === 'mine')
  expect(ports).toMatchObject([{ name: 'mine', device_id: '', device_owner: '', status: 'DOWN' }])
})

test('a server that is deleted before it has a host is gone immediately, and its build does not come back', async () => {
  const { cloud, nova, request, records } = await computeCloud()
  const { json } = await nova('POST', '/servers', { server: request() })
  expect((await nova('DELETE', `/servers/${json.server.id}`)).status).toBe(204)
  expect((await nova('GET', `/servers/${json.server.id}`)).status).toBe(404)
  cloud.clock.advance('10s')
  expect(records('servers')).toEqual([])
  expect(records('ports').filter((port) => isServers(port))).toEqual([])
})

test('a server that is deleted while it spawns never becomes ACTIVE and gives its port back', async () => {
  const { cloud, nova, request, records } = await computeCloud()
  const { id } = (await nova('POST', '/servers', { server: request() })).json.server
  cloud.clock.advance(200)
  expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204)
  const states = await sequence(
    (ms) => cloud.clock.advance(ms),
    async () => {
      const { status, json } = await nova('GET', `/servers/${id}`)
      return status === 200 ? `${json.server.status}/${json.server['OS-EXT-STS:task_state']}` : status
    },
  )
  expect(states).toEqual(['BUILD/deleting', 'DELETED/null', 404])
  expect(records('ports').filter(isServers)).toEqual([])
})

test('§9 a flavor that fits on no host ends in ERROR with the fault of the scheduler', async () => {
  const { cloud, nova, show, request } = await computeCloud()
  const { json } = await nova('POST', '/servers', { server: request({ flavorRef: '99' }) })
  cloud.clock.advance('1s')
  const server = await show(json.server.id)
  expect(server).toMatchObject({
    status: 'ERROR',
    hostId: '',
    fault: { code: 500, message: 'No valid host was found. ' },
  })
  expect(server.fault).not.toHaveProperty('details')
  const { json: seenByAdmin } = await nova('GET', `/servers/${json.server.id}`, undefined, { user: 'admin' })
  expect(seenByAdmin.server.fault).toHaveProperty('details')
})

test('strict anti-affinity in a zone with one host takes one server only', async () => {
  const { cloud, nova, show, request } = await computeCloud()
  const group = await nova('POST', '/os-server-groups', { server_group: { name: 'g', policies: ['anti-affinity'] } })
  const id = group.json.server_group.id
  const make = async () =>
    (
      await nova('POST', '/servers', {
        server: request({ availability_zone: 'z1' }),
        'os:scheduler_hints': { group: id },
      })
    ).json.server.id
  const [first, second] = [await make(), await make()]
  cloud.clock.advance('1s')
  expect((await show(first)).status).toBe('ACTIVE')
  expect(await show(second)).toMatchObject({
    status: 'ERROR',
    fault: { message: 'No valid host was found. There are not enough hosts available.' },
  })
  const { json } = await nova('GET', `/os-server-groups/${id}`)
  expect(json.server_group.members).toEqual([first, second])
})

test('soft anti-affinity spreads over the hosts of all zones', async () => {
  const { cloud, nova, request, records } = await computeCloud()
  const group = await nova(
    'POST',
    '/os-server-groups',
    { server_group: { name: 'g', policy: 'soft-anti-affinity' } },
    { version: '2.64' },
  )
  for (let i = 0; i < 3; i += 1) {
    const hints = { 'os:scheduler_hints': { group: group.json.server_group.id } }
    await nova('POST', '/servers', { server: request(), ...hints })
    cloud.clock.advance('1s')
  }
  expect(new Set(records('servers').map((server) => server['host'])).size).toBe(3)
})

test('an address outside of the subnet is accepted, and the build fails without leaving a port', async () => {
  const { cloud, nova, show, idOf, request, records } = await computeCloud()
  const networks = [
    { uuid: idOf('networks', 'bosh-net-2') },
    { uuid: idOf('networks', 'bosh-net'), fixed_ip: '192.168.7.7' },
  ]
  const answer = await nova('POST', '/servers', { server: request({ networks }) })
  expect(answer.status).toBe(202)
  cloud.clock.advance('1s')
  expect((await show(answer.json.server.id)).status).toBe('ERROR')
  expect(records('ports').filter((port) => isServers(port))).toEqual([])
})

test('§9 a rule fails a build, holds it for ever, or makes a deletion end in ERROR', async () => {
  const { cloud, nova, show, request, running } = await computeCloud()
  cloud.faults.add({
    match: { operation: 'servers.create' },
    do: { state: { to: 'ERROR', message: 'port binding failed' } },
  })
  const failed = (await nova('POST', '/servers', { server: request() })).json.server.id
  cloud.clock.advance('5s')
  expect(await show(failed)).toMatchObject({ status: 'ERROR', fault: { message: 'port binding failed' } })
  cloud.faults.add({ match: { transition: 'servers.build.active' }, do: { hold: true } })
  const held = (await nova('POST', '/servers', { server: request() })).json.server.id
  cloud.clock.advance('3h')
  expect((await show(held)).status).toBe('BUILD')
  const stubborn = await running()
  cloud.faults.add({ match: { operation: 'servers.delete' }, do: { state: { to: 'ERROR', message: 'stuck' } } })
  await nova('DELETE', `/servers/${stubborn}`)
  cloud.clock.advance('5s')
  expect(await show(stubborn)).toMatchObject({ status: 'ERROR', fault: { message: 'stuck' } })
  cloud.faults.assertAllHit()
})

test('durations of the build can be set', async () => {
  const { cloud, nova, show, request } = await computeCloud({ durations: { 'servers.build.active': '10m' } })
  const { id } = (await nova('POST', '/servers', { server: request() })).json.server
  cloud.clock.advance('9m')
  expect((await show(id)).status).toBe('BUILD')
  cloud.clock.advance('2m')
  expect((await show(id)).status).toBe('ACTIVE')
})

test.each([
  ['v2', 'v2.0', ''],
  ['v2/', 'v2.0', ''],
  ['v2.1/', 'v2.1', '2.1'],
])('the document of %s, to which the list of versions leads', async (path, id, min_version) => {
  const { cloud } = await computeCloud()
  const answer = await cloud.fetch(`${cloud.url}/compute/${path}`)
  expect(JSON.parse(await answer.text())).toMatchObject({ version: { id, min_version } })
})
