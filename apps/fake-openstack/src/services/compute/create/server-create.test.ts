import { expect, test } from 'vitest'
import { computeCloud } from '../../../../test/compute-client.ts'

const nowhere = '00000000-1111-2222-3333-444444444444'

test.each<[string, object, number, string]>([
  ['unknown flavor', { flavorRef: 'nope' }, 400, 'Flavor nope could not be found.'],
  ['unknown image', { imageRef: nowhere }, 400, 'Can not find requested image'],
  ['no image', { imageRef: '' }, 400, 'Missing imageRef attribute'],
  ['unknown network', { networks: [{ uuid: nowhere }] }, 400, `Network ${nowhere} could not be found.`],
  [
    'network without uuid',
    { networks: [{ uuid: 'x' }] },
    400,
    'Bad networks format: network uuid is not in proper format (x)',
  ],
  ['unknown port', { networks: [{ port: nowhere }] }, 400, `Port id ${nowhere} could not be found.`],
  [
    'unknown group',
    { security_groups: [{ name: 'nope' }] },
    400,
    "Unable to find security_group with name or id 'nope'",
  ],
  ['unknown key', { key_name: 'nope' }, 400, 'Invalid key_name provided.'],
  ['unknown zone', { availability_zone: 'nope' }, 400, 'The requested availability zone is not available'],
  ['no root disk', { flavorRef: '20' }, 403, 'Only volume-backed servers are allowed for flavors with zero disk.'],
  [
    'no network named',
    { networks: undefined },
    409,
    'Multiple possible networks found, use a Network ID to be more specific.',
  ],
  ['counts', { min_count: 2, max_count: 1 }, 400, 'min_count must be <= max_count'],
])('§9 %s is refused in the words of Nova, and nothing is left', async (_, more, status, message) => {
  const { cloud, nova, request } = await computeCloud()
  const answer = await nova('POST', '/servers', { server: request(more) })
  expect(answer.status).toBe(status)
  const { badRequest, forbidden, conflictingRequest } = answer.json
  expect((badRequest ?? forbidden ?? conflictingRequest).message).toBe(message)
  cloud.clock.advance('1m')
  expect(Object.keys(cloud.leftovers())).toEqual([])
})

test('§9 fields of the wrong form are refused with the field and its value', async () => {
  const { nova, request } = await computeCloud()
  const refusal = async (more: object, version?: string) =>
    (await nova('POST', '/servers', { server: request(more) }, version ? { version } : {})).json.badRequest.message
  expect(await refusal({ user_data: 'not base64!' })).toBe(
    "Invalid input for field/attribute user_data. Value: not base64!. 'not base64!' is not a 'base64'",
  )
  expect(await refusal({ metadata: { a: 1 } })).toBe(
    "Invalid input for field/attribute a. Value: 1. 1 is not of type 'string'",
  )
  expect(await refusal({ metadata: { 'a/b': '1' } })).toContain('does not match any of the regexes')
  expect(await refusal({ name: ' x' })).toContain("An invalid 'name' value was provided.")
  expect(await refusal({ networks: 'auto' })).toContain("'auto' is not of type 'array'")
  expect(await refusal({ tags: ['a'] })).toContain("Additional properties are not allowed ('tags' was unexpected)")
  expect(await refusal({ networks: undefined }, '2.37')).toContain("'networks' is a required property")
  expect(await refusal({ user_data: 'A'.repeat(65_536) })).toContain('is too long')
})

test('§9 a port in use cannot be used twice: 409', async () => {
  const { nova, neutron, idOf, request, running } = await computeCloud()
  const { json } = await neutron('POST', '/ports', { port: { network_id: idOf('networks', 'bosh-net') } })
  const networks = [{ port: json.port.id }]
  await running({ networks })
  const again = await nova('POST', '/servers', { server: request({ networks }) })
  expect([again.status, again.json.conflictingRequest.message]).toEqual([409, `Port ${json.port.id} is still in use.`])
})

test('§9 quotas: 403 names what is exceeded, and deleted servers do not count', async () => {
  const { cloud, nova, idOf, request } = await computeCloud()
  const small = (more: object) =>
    nova(
      'POST',
      '/servers',
      { server: request({ networks: [{ uuid: idOf('networks', 'small-net') }], ...more }) },
      { user: 'bosh-small' },
    )
  expect((await small({ flavorRef: '3', min_count: 3 })).json.forbidden.message).toBe(
    'Quota exceeded for cores, instances, ram: Requested 6, 3, 12288, but already used 0, 0, 0 of 1, 1, 1024 cores, instances, ram',
  )
  const first = await small({})
  expect(first.status).toBe(202)
  expect((await small({})).status).toBe(403)
  cloud.clock.advance('1s')
  await nova('DELETE', `/servers/${first.json.server.id}`, undefined, { user: 'bosh-small' })
  cloud.clock.advance('1s')
  expect((await small({})).status).toBe(202)
})

test('server groups have a quota of members', async () => {
  const { nova, idOf, request } = await computeCloud()
  const quota = { quota_set: { server_group_members: 1 } }
  await nova('PUT', `/os-quota-sets/${idOf('projects', 'bosh')}`, quota, { user: 'admin' })
  const group = await nova('POST', '/os-server-groups', { server_group: { name: 'g', policies: ['affinity'] } })
  const make = () =>
    nova('POST', '/servers', { server: request(), 'os:scheduler_hints': { group: group.json.server_group.id } })
  expect((await make()).status).toBe(202)
  const second = await make()
  expect([second.status, second.json.forbidden.message]).toEqual([403, 'Quota exceeded, too many servers in group'])
})

test.each([
  ['an administrator', 'admin', 'ACTIVE'],
  ['another user', 'bosh', 'ERROR'],
])('a server of %s on an external network is built if the user may use it', async (_, user, status) => {
  const { cloud, nova, request } = await computeCloud()
  const uuid = cloud.state().networks.find((one) => one['router:external'])?.id
  const made = await nova('POST', '/servers', { server: request({ networks: [{ uuid }] }) }, { user })
  cloud.clock.advance('1m')
  const shown = await nova('GET', `/servers/${made.json.server.id}`, undefined, { user })
  expect(shown.json.server.status).toBe(status)
})

test('§9 names of servers may repeat', async () => {
  const { nova, running } = await computeCloud()
  const ids = [await running({ name: 'duplicate' }), await running({ name: 'duplicate' })]
  const { json } = await nova('GET', '/servers?name=^duplicate$')
  expect(json.servers.map((server) => server.id).toSorted()).toEqual(ids.toSorted())
})

test('§9 keys and values of metadata are bounded', async () => {
  const { nova, request } = await computeCloud()
  const make = async (metadata: object) => (await nova('POST', '/servers', { server: request({ metadata }) })).status
  const [longest, tooLong] = ['x'.repeat(255), 'x'.repeat(256)] as const
  expect([await make({ [longest]: longest }), await make({ [tooLong]: 'v' }), await make({ k: tooLong })]).toEqual([
    202, 400, 400,
  ])
})

test('several servers of one request are numbered; their ports are their own', async () => {
  const { cloud, nova, request, records } = await computeCloud()
  await nova('POST', '/servers', { server: request({ name: 'many', min_count: 2, max_count: 3 }) })
  cloud.clock.advance('1s')
  const { json } = await nova('GET', '/servers/detail?name=many&sort_key=display_name&sort_dir=asc')
  expect(json.servers.map((server) => server.name)).toEqual(['many-1', 'many-2', 'many-3'])
  expect(new Set(records('ports').map((port) => JSON.stringify(port['fixed_ips']))).size).toBe(records('ports').length)
})

test('§8.2 a server boots from a volume of an image, which goes with it', async () => {
  const { cloud, nova, idOf, running, show, records } = await computeCloud()
  const root = {
    boot_index: 0,
    uuid: idOf('images', 'tiny-image'),
    source_type: 'image',
    destination_type: 'volume',
    volume_size: 3,
    delete_on_termination: true,
    volume_type: 'fast',
  }
  const id = await running({ imageRef: undefined, flavorRef: '20', block_device_mapping_v2: [root] }, '2.67')
  const server = await show(id)
  expect(server).toMatchObject({ status: 'ACTIVE', image: '' })
  const [volume] = records('volumes')
  expect(volume).toMatchObject({
    size: 3,
    status: 'in-use',
    volume_type_id: idOf('volume_types', 'fast'),
    bootable: true,
  })
  expect((await nova('DELETE', `/servers/${id}/os-volume_attachments/${volume?.['id']}`)).json.badRequest.message).toBe(
    'Cannot detach a root device volume',
  )
  await nova('DELETE', `/servers/${id}`)
  cloud.clock.advance('5s')
  expect(Object.keys(cloud.leftovers())).toEqual([])
})

test('a boot volume that cannot be made ends the build in ERROR and leaves nothing', async () => {
  const { cloud, nova, idOf, request, records, show } = await computeCloud()
  cloud.faults.add({
    match: { transition: 'volumes.create-from-image.available' },
    do: { state: { to: 'error', message: 'no space' } },
  })
  const root = { boot_index: 0, uuid: idOf('images', 'tiny-image'), source_type: 'image', destination_type: 'volume' }
  const mapping = [{ ...root, volume_size: 3, delete_on_termination: true }]
  const body = { server: request({ imageRef: undefined, flavorRef: '20', block_device_mapping_v2: mapping }) }
  const { id } = (await nova('POST', '/servers', body)).json.server
  cloud.clock.advance('10s')
  expect((await show(id)).status).toBe('ERROR')
  expect(records('volumes')).toEqual([])
})

test('§8.2 mappings that make no sense are refused', async () => {
  const { nova, idOf, request } = await computeCloud()
  const image = idOf('images', 'tiny-image')
  const refusal = async (mapping: object, more: object = { imageRef: undefined }) =>
    (await nova('POST', '/servers', { server: request({ ...more, block_device_mapping_v2: [mapping] }) })).json
      .badRequest.message
  const ofImage = { boot_index: 0, uuid: image, source_type: 'image', destination_type: 'volume' }
  expect(await refusal(ofImage)).toBe("Images with destination_type 'volume' need to have a non-zero size specified")
  expect(await refusal({ ...ofImage, boot_index: 1, volume_size: 1 })).toContain('Boot sequence for the instance')
  expect(await refusal({ source_type: 'blank', destination_type: 'volume', volume_size: 1 }, {})).toContain(
    'Boot sequence for the instance',
  )
  expect(await refusal({ ...ofImage, volume_type: 'fast', volume_size: 1 })).toContain("'volume_type' was unexpected")
  expect(await refusal({ boot_index: 0, source_type: 'volume', destination_type: 'volume' })).toContain(
    'Missing device UUID.',
  )
  expect(await refusal({ boot_index: 0, uuid: nowhere, source_type: 'volume', destination_type: 'volume' })).toBe(
    `Block Device Mapping is Invalid: failed to get volume ${nowhere}.`,
  )
})
