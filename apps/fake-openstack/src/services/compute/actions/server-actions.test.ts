import { expect, test } from 'vitest'
import { computeCloud, sequence } from '../../../../test/compute-client.ts'

/** What an action leads to: all pairs of status and task state after it. */
const after = async (first: object[], action: object) => {
  const { cloud, nova, running, show } = await computeCloud()
  const id = await running()
  for (const body of first) {
    await nova('POST', `/servers/${id}/action`, body)
    cloud.clock.advance('2s')
  }
  const { status } = await nova('POST', `/servers/${id}/action`, action)
  const states = await sequence(
    (ms) => cloud.clock.advance(ms),
    async () => {
      const server = await show(id)
      return `${server.status}/${server['OS-EXT-STS:task_state']}`
    },
  )
  return [status, ...states]
}

test.each<[string, object[], object, (string | number)[]]>([
  ['soft reboot', [], { reboot: { type: 'SOFT' } }, [202, 'REBOOT/rebooting', 'REBOOT/reboot_started', 'ACTIVE/null']],
  [
    'hard reboot of a stopped server',
    [{ 'os-stop': null }],
    { reboot: { type: 'HARD' } },
    [202, 'SHUTOFF/rebooting_hard', 'SHUTOFF/reboot_started_hard', 'ACTIVE/null'],
  ],
  ['stop', [], { 'os-stop': null }, [202, 'ACTIVE/powering-off', 'SHUTOFF/null']],
  ['start', [{ 'os-stop': null }], { 'os-start': null }, [202, 'SHUTOFF/powering-on', 'ACTIVE/null']],
  ['pause', [], { pause: null }, [202, 'ACTIVE/pausing', 'PAUSED/null']],
  ['unpause', [{ pause: null }], { unpause: null }, [202, 'PAUSED/unpausing', 'ACTIVE/null']],
  ['suspend', [], { suspend: null }, [202, 'ACTIVE/suspending', 'SUSPENDED/null']],
  ['resume', [{ suspend: null }], { resume: null }, [202, 'SUSPENDED/resuming', 'ACTIVE/null']],
  ['rescue', [], { rescue: null }, [200, 'ACTIVE/rescuing', 'RESCUE/null']],
  [
    'resize',
    [],
    { resize: { flavorRef: '2' } },
    [
      202,
      'RESIZE/resize_prep',
      'RESIZE/resize_migrating',
      'RESIZE/resize_migrated',
      'RESIZE/resize_finish',
      'VERIFY_RESIZE/null',
    ],
  ],
  ['confirm', [{ resize: { flavorRef: '2' } }], { confirmResize: null }, [204, 'VERIFY_RESIZE/null', 'ACTIVE/null']],
  [
    'revert',
    [{ resize: { flavorRef: '2' } }],
    { revertResize: null },
    [202, 'REVERT_RESIZE/resize_reverting', 'ACTIVE/null'],
  ],
])('§9 %s', async (_, first, action, expected) => {
  expect(await after(first, action)).toEqual(expected)
})

test.each<[string, object[], object]>([
  ['start of a running server', [], { 'os-start': null }],
  ['soft reboot of a stopped server', [{ 'os-stop': null }], { reboot: { type: 'SOFT' } }],
  ['pause of a paused server', [{ pause: null }], { pause: null }],
  ['confirm without resize', [], { confirmResize: null }],
  ['resize of a suspended server', [{ suspend: null }], { resize: { flavorRef: '2' } }],
])('§9 %s: 409, and nothing changes', async (_, first, action) => {
  const [status, ...states] = await after(first, action)
  expect(status).toBe(409)
  expect(states).toHaveLength(1)
})

test('§9 an action during a task is 409 and names the task', async () => {
  const { nova, running } = await computeCloud()
  const id = await running()
  await nova('POST', `/servers/${id}/action`, { 'os-stop': null })
  const { json } = await nova('POST', `/servers/${id}/action`, { pause: null })
  expect(json.conflictingRequest.message).toBe(`Cannot 'pause' instance ${id} while it is in task_state powering-off`)
})

test('a locked server refuses changes but can be renamed; admins pass', async () => {
  const { nova, running, volume } = await computeCloud()
  const id = await running()
  const act = (body: object, more: { user?: string; version?: string } = {}) =>
    nova('POST', `/servers/${id}/action`, body, more)
  await act({ lock: { locked_reason: 'mine' } }, { version: '2.73' })
  await act({ lock: { locked_reason: 'later' } }, { version: '2.73' })
  const shown = await nova('GET', `/servers/${id}`, undefined, { version: '2.73' })
  expect(shown.json.server).toMatchObject({ locked: true, locked_reason: 'mine' })
  const refused = [
    await act({ 'os-stop': null }),
    await nova('POST', `/servers/${id}/metadata`, { metadata: { a: 'b' } }),
    await nova('DELETE', `/servers/${id}`),
    await nova('POST', `/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId: await volume() } }),
  ]
  expect(refused.map((answer) => answer.json.conflictingRequest.message)).toEqual(
    Array(4).fill(`Instance ${id} is locked`),
  )
  expect((await nova('PUT', `/servers/${id}`, { server: { name: 'new' } })).json.server.name).toBe('new')
  expect((await act({ 'os-stop': null }, { user: 'admin' })).status).toBe(202)
})

test('an unknown action is 400, one that the fake leaves out 501, one for admins 403', async () => {
  const { nova, running } = await computeCloud()
  const id = await running()
  const act = async (body: object, version?: string) =>
    (await nova('POST', `/servers/${id}/action`, body, version ? { version } : {})).status
  expect(await act({ nosuch: null })).toBe(400)
  expect(await act({ 'os-start': null, 'os-stop': null })).toBe(400)
  expect(await act({ migrate: null })).toBe(403)
  expect(await act({ evacuate: { onSharedStorage: false } })).toBe(501)
  expect(await act({ 'os-resetState': { state: 'active' } })).toBe(403)
  expect(await act({ addFloatingIp: { address: '203.0.113.137' } }, '2.44')).toBe(404)
})

test('a snapshot becomes an active image', async () => {
  const { cloud, nova, running, records } = await computeCloud()
  const id = await running()
  const old = await nova('POST', `/servers/${id}/action`, { createImage: { name: 'one' } })
  expect([old.status, old.text, old.headers.get('location')]).toEqual([202, '', expect.stringContaining('/images/')])
  cloud.clock.advance('1s')
  const { json } = await nova('POST', `/servers/${id}/action`, { createImage: { name: 'two' } }, { version: '2.45' })
  cloud.clock.advance('1s')
  expect(records('images').find((image) => image['id'] === json.image_id)).toMatchObject({
    name: 'two',
    status: 'active',
  })
})

test('§7.8 metadata: POST merges, PUT replaces, keys can be taken out; 404 for what is not there', async () => {
  const { nova, running, show } = await computeCloud()
  const id = await running({ metadata: { job: 'router' } })
  const path = `/servers/${id}/metadata`
  await nova('POST', path, { metadata: { a: 'b' } })
  expect((await show(id)).metadata).toEqual({ job: 'router', a: 'b' })
  await nova('PUT', `${path}/c`, { meta: { c: 'd' } })
  expect((await nova('PUT', `${path}/c`, { meta: { x: 'd' } })).json.badRequest.message).toBe(
    'Request body and URI mismatch',
  )
  await nova('DELETE', `${path}/job`)
  expect((await nova('DELETE', `${path}/job`)).status).toBe(404)
  expect((await show(id)).metadata).toEqual({ a: 'b', c: 'd' })
  await nova('PUT', path, { metadata: {} })
  expect((await show(id)).metadata).toEqual({})
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`k${i}`, 'v']))
  expect((await nova('POST', path, { metadata: many })).json.forbidden.message).toBe(
    'Maximum number of metadata items exceeds 128',
  )
})

test('tags exist from 2.26 on', async () => {
  const { nova, running } = await computeCloud()
  const path = `/servers/${await running()}/tags`
  const version = '2.26'
  expect((await nova('GET', path)).status).toBe(404)
  const statuses = []
  for (const method of ['PUT', 'PUT', 'GET', 'DELETE', 'DELETE', 'GET']) {
    statuses.push((await nova(method, `${path}/blue`, undefined, { version })).status)
  }
  expect(statuses).toEqual([201, 204, 204, 204, 404, 404])
})

test('interfaces: a port is made and taken away again; networks outside and ports in use are refused', async () => {
  const { cloud, nova, idOf, running, records } = await computeCloud()
  const path = `/servers/${await running()}/os-interface`
  const attach = (interfaceAttachment: object) => nova('POST', path, { interfaceAttachment })
  expect((await attach({ net_id: idOf('networks', 'public') })).status).toBe(403)
  expect((await attach({})).status).toBe(400)
  const made = await attach({ net_id: idOf('networks', 'bosh-net-2') })
  expect(made.json.interfaceAttachment).toMatchObject({ port_state: 'ACTIVE' })
  const { port_id } = made.json.interfaceAttachment
  expect((await attach({ port_id })).status).toBe(409)
  expect((await nova('DELETE', `${path}/${port_id}`)).status).toBe(202)
  cloud.clock.advance('1s')
  expect(records('ports').some((port) => port['id'] === port_id)).toBe(false)
  expect((await nova('DELETE', `${path}/${port_id}`)).status).toBe(202)
})

test('the actions of a server are listed, even after it is deleted (2.21)', async () => {
  const { cloud, nova, running } = await computeCloud()
  const id = await running()
  await nova('POST', `/servers/${id}/action`, { reboot: { type: 'SOFT' } })
  cloud.clock.advance('1s')
  await nova('DELETE', `/servers/${id}`)
  cloud.clock.advance('1s')
  expect((await nova('GET', `/servers/${id}/os-instance-actions`)).status).toBe(404)
  const { text } = await nova('GET', `/servers/${id}/os-instance-actions`, undefined, { version: '2.58' })
  const actions: { action: string; request_id: string }[] = JSON.parse(text).instanceActions
  expect(actions.map((one) => one.action)).toEqual(['delete', 'reboot', 'create'])
  const path = `/servers/${id}/os-instance-actions/${actions[2]?.request_id}`
  const shown = await nova('GET', path, undefined, { version: '2.58' })
  expect(JSON.parse(shown.text).instanceAction.events).toMatchObject([{ result: 'Success' }])
})

test.each(['confirmResize', 'revertResize'])('a server that was off is off after a resize and %s', async (action) => {
  expect(await after([{ 'os-stop': null }, { resize: { flavorRef: '2' } }], { [action]: null })).toEqual([
    action === 'confirmResize' ? 204 : 202,
    ...(action === 'confirmResize' ? ['VERIFY_RESIZE/null'] : ['REVERT_RESIZE/resize_reverting']),
    'SHUTOFF/null',
  ])
})

test('a resize takes the disk configuration that it names', async () => {
  const { nova, running, show } = await computeCloud()
  const id = await running({ 'OS-DCF:diskConfig': 'AUTO' })
  const resize = { flavorRef: '2', 'OS-DCF:diskConfig': 'MANUAL' }
  await nova('POST', `/servers/${id}/action`, { resize })
  expect(await show(id)).toMatchObject({ 'OS-DCF:diskConfig': 'MANUAL' })
})

test('a shelved server is stored as an image until it is unshelved or deleted', async () => {
  const { cloud, nova, running } = await computeCloud()
  const stored = () => cloud.state().images.filter(({ name }) => name === 'vm-1-shelved')
  const id = await running()
  const act = async (body: object) => {
    await nova('POST', `/servers/${id}/action`, body)
    cloud.clock.advance('5s')
  }
  await act({ shelve: null })
  expect(stored()).toMatchObject([{ status: 'active', properties: { image_type: 'snapshot', instance_uuid: id } }])
  await act({ unshelve: null })
  expect(stored()).toEqual([])
  await act({ shelve: null })
  await nova('DELETE', `/servers/${id}`)
  cloud.clock.advance('5s')
  expect(cloud.leftovers()).toEqual({})
})

test('addresses for access are shown in their usual form', async () => {
  const { nova, running, show } = await computeCloud()
  const id = await running({ accessIPv6: '0000:0000:0000:0000:0000:babe:220.12.22.2' })
  expect(await show(id)).toMatchObject({ accessIPv6: '::babe:dc0c:1602' })
  await nova('PUT', `/servers/${id}`, { server: { accessIPv6: 'FD00:0::1' } })
  expect(await show(id)).toMatchObject({ accessIPv6: 'fd00::1' })
})
