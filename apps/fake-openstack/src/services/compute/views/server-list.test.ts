import { expect, test } from 'vitest'
import { computeCloud } from '../../../../test/compute-client.ts'

test('§3.4 pages are linked until an empty one, whatever the page size of the cloud', async () => {
  const { cloud, nova, running } = await computeCloud({ pageSize: 2 })
  const made = []
  for (const name of ['a', 'b', 'c', 'd']) made.unshift(await running({ name }))
  const seen: string[] = []
  let path: string | undefined = '/servers/detail?name=.'
  let pages = 0
  while (path !== undefined) {
    const { json } = await nova('GET', path)
    seen.push(...json.servers.map((server) => server.id))
    pages += 1
    path = json.servers_links?.[0]?.href.slice(`${cloud.url}/compute/v2.1`.length)
  }
  expect(seen).toEqual(made)
  expect(pages).toBe(3)
})

test('flavors and key pairs are paged too; an unknown marker is 400', async () => {
  const { nova } = await computeCloud({ pageSize: 3 })
  const first = await nova('GET', '/flavors')
  expect(JSON.parse(first.text).flavors).toHaveLength(3)
  expect(JSON.parse(first.text).flavors_links[0].href).toContain('/flavors?marker=12')
  expect((await nova('GET', '/flavors?marker=nope')).json.badRequest.message).toBe('marker [nope] not found')
  expect((await nova('GET', '/servers?marker=nope')).status).toBe(400)
  expect((await nova('GET', '/flavors?limit=x')).json.badRequest.message).toBe(
    "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'",
  )
})

test('filters: names are patterns without case, statuses, addresses, tags; unknown ones are ignored until 2.75', async () => {
  const { cloud, nova, running } = await computeCloud()
  const alpha = await running({ name: 'vm-Alpha', tags: ['x', 'y'] }, '2.52')
  const beta = await running({ name: 'vm-beta' })
  const names = async (query: string, version?: string) =>
    (await nova('GET', `/servers?${query}`, undefined, version ? { version } : {})).json.servers?.map((one) => one.name)
  expect(await names('name=^VM-a')).toEqual(['vm-Alpha'])
  expect(await names('name=beta$')).toEqual(['vm-beta'])
  expect(await names('name=^VM-beta$')).toEqual(['vm-beta'])
  expect(await names('name=^vm-bet$')).toEqual([])
  await nova('POST', `/servers/${beta}/action`, { 'os-stop': null })
  cloud.clock.advance('1s')
  expect(await names('status=SHUTOFF')).toEqual(['vm-beta'])
  expect(await names('status=nonsense')).toEqual([])
  expect((await nova('GET', '/servers?status=nonsense', undefined, { version: '2.38' })).status).toBe(400)
  expect(await names('tags=x,y', '2.26')).toEqual(['vm-Alpha'])
  expect(await names('nosuch=1&name=beta')).toEqual(['vm-beta'])
  expect((await nova('GET', '/servers?nosuch=1', undefined, { version: '2.75' })).status).toBe(400)
  const address = JSON.parse((await nova('GET', `/servers/${alpha}/ips`)).text).addresses['bosh-net'][0].addr
  expect(await names(`ip=${address}$`)).toEqual(['vm-Alpha'])
})

test('changes-since shows what changed, DELETED ones too, as long as they can be seen', async () => {
  const { cloud, nova, running } = await computeCloud()
  const id = await running()
  const later = new Date(cloud.clock.now() + 1).toISOString().slice(0, 19)
  cloud.clock.advance('10s')
  expect((await nova('GET', `/servers?changes-since=${later}`)).json.servers).toHaveLength(0)
  await nova('DELETE', `/servers/${id}`)
  cloud.clock.advance(160)
  const { json } = await nova('GET', `/servers/detail?changes-since=${later}`)
  expect(json.servers).toMatchObject([{ id, status: 'DELETED' }])
  expect((await nova('GET', '/servers/detail')).json.servers).toEqual([])
})

test('all projects are for admins, 403 for others', async () => {
  const { nova, running } = await computeCloud()
  await running()
  expect((await nova('GET', '/servers/detail?all_tenants=1')).status).toBe(403)
  const { json } = await nova('GET', '/servers/detail?all_tenants=1', undefined, { user: 'admin' })
  expect(json.servers).toHaveLength(1)
  expect(json.servers[0]).toHaveProperty('OS-EXT-SRV-ATTR:host')
})

test.each([
  ['2.1', ['flavor.links'], ['locked', 'tags', 'description', 'server_groups']],
  ['2.9', ['locked'], ['tags', 'description']],
  ['2.26', ['tags', 'description'], ['trusted_image_certificates']],
  ['2.47', ['flavor.original_name'], ['flavor.links']],
  ['2.63', ['trusted_image_certificates'], ['server_groups']],
  ['2.71', ['server_groups'], ['locked_reason']],
  ['2.73', ['locked_reason'], ['OS-EXT-SRV-ATTR:hostname']],
  ['2.93', ['locked_reason', 'OS-EXT-SRV-ATTR:hostname', 'flavor.extra_specs'], ['flavor.id']],
])('§3.2 a server at %s', async (version, there, notThere) => {
  const { running, show } = await computeCloud()
  const server = await show(await running(), version)
  const keys = [...Object.keys(server), ...Object.keys(server.flavor).map((key) => `flavor.${key}`)]
  expect(keys).toEqual(expect.arrayContaining(there))
  for (const key of notThere) expect(keys).not.toContain(key)
})

test.each(['2.999', '1.0'])('§9 a microversion that Nova has not, %s, is 406', async (version) => {
  const { nova } = await computeCloud()
  const answer = await nova('GET', '/servers', undefined, { version })
  expect([answer.status, answer.headers.get('openstack-api-version')]).toEqual([406, `compute ${version}`])
})

test('§2.4 the project may be part of the path, as old catalogs have it; another one is refused', async () => {
  const { nova, idOf, running } = await computeCloud()
  const id = await running()
  const mine = idOf('projects', 'bosh')
  const { json } = await nova('GET', `/${mine}/servers`)
  expect(json.servers).toMatchObject([{ id }])
  expect(json.servers[0]).toMatchObject({
    links: [{ href: expect.stringContaining(`/v2.1/${mine}/servers/${id}`) }, { rel: 'bookmark' }],
  })
  const other = await nova('GET', `/${idOf('projects', 'other')}/servers`)
  expect([other.status, other.json.badRequest.message]).toEqual([400, expect.stringContaining('Malformed request URL')])
})

test('a route that Nova has and the fake has not answers 501 in its own words', async () => {
  const { nova, running } = await computeCloud()
  const answer = await nova('GET', `/servers/${await running()}/diagnostics`)
  expect(answer.status).toBe(501)
  expect(JSON.parse(answer.text)).toHaveProperty('notImplemented')
})

test('hosts show admins the number of their servers; others get 403', async () => {
  const { nova, running } = await computeCloud()
  await running({ availability_zone: 'z2', flavorRef: '3' })
  expect((await nova('GET', '/os-hypervisors/detail')).status).toBe(403)
  const { text } = await nova('GET', '/os-hypervisors/detail', undefined, { user: 'admin' })
  const used = JSON.parse(text).hypervisors.map((one: Record<string, unknown>) => [
    one['hypervisor_hostname'],
    one['running_vms'],
    one['memory_mb_used'],
  ])
  expect(used).toContainEqual(['compute-z2', 1, 4096])
  expect(used).toContainEqual(['compute-z1', 0, 0])
  const limits = await nova('GET', '/limits')
  expect(limits.json.limits.absolute).toMatchObject({ totalInstancesUsed: 1, totalCoresUsed: 2, totalRAMUsed: 4096 })
})
