import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const cinder = async () => {
  const cloud = createFakeOpenStack({ clock: 'virtual' })
  const client = (user: string) => userClient(cloud, user, '/volume/v3', 'volume', '3.60')
  const [admin, bosh] = [await client('admin'), await client('bosh')]
  const extra_specs = { vendor_name: 'nobody' }
  const { id: type } = (await admin('POST', '/types', { volume_type: { name: 'odd', extra_specs } })).json.volume_type
  const createVolume = async (volume: object): Promise<string> => {
    const { json } = await bosh('POST', '/volumes', { volume: { size: 1, ...volume } })
    cloud.clock.advance('5s')
    return json.volume.id
  }
  const list = async (query = '', version?: string) => (await bosh('GET', `/messages${query}`, undefined, version)).json
  return { cloud, admin, bosh, type, createVolume, list }
}

test('a volume that the scheduler refuses leaves a message', async () => {
  const { cloud, bosh, type, createVolume, list } = await cinder()
  const volume = await createVolume({ volume_type: type })
  const [message] = (await list()).messages
  expect(message).toEqual({
    id: expect.any(String),
    event_id: 'VOLUME_VOLUME_001_003',
    user_message: 'schedule allocate volume:Could not find any available weighted backend.',
    message_level: 'ERROR',
    resource_type: 'VOLUME',
    resource_uuid: volume,
    request_id: cloud.journal.of('volumes.create')[0]?.requestId,
    created_at: expect.any(String),
    guaranteed_until: expect.any(String),
    links: [expect.objectContaining({ rel: 'self' }), expect.objectContaining({ rel: 'bookmark' })],
  })
  expect(Date.parse(message.guaranteed_until) - Date.parse(message.created_at)).toBe(30 * 86_400_000)
  const path = `/messages/${message.id}`
  expect((await bosh('GET', path)).json).toEqual({ message })
  expect((await bosh('DELETE', path)).status).toBe(204)
  expect((await bosh('GET', path)).json.itemNotFound.message).toBe(`Message ${message.id} could not be found.`)
})

test('a volume that the driver cannot create leaves another message, and a volume that is created none', async () => {
  const { cloud, createVolume, list } = await cinder()
  await createVolume({})
  expect((await list()).messages).toEqual([])
  cloud.faults.add({
    match: { service: 'block-storage', operation: 'volumes.create' },
    do: { state: { to: 'error', message: 'out of space' } },
  })
  await createVolume({})
  expect((await list()).messages).toMatchObject([
    {
      event_id: 'VOLUME_VOLUME_008_012',
      user_message: 'create volume from backend storage:Driver failed to create the volume.',
    },
  ])
})

test('messages are served from 3.3 on, and filtered and paged from 3.5 on', async () => {
  const { bosh, type, createVolume, list } = await cinder()
  const volume = await createVolume({ volume_type: type })
  await createVolume({ volume_type: type })
  expect((await list(`?resource_uuid=${volume}`)).messages).toHaveLength(1)
  expect((await list('?limit=1')).messages_links).toHaveLength(1)
  expect((await list('?limit=1', '3.4')).messages).toHaveLength(2)
  expect((await bosh('GET', '/messages', undefined, '3.2')).status).toBe(404)
  expect((await bosh('GET', '/messages/detail')).json.itemNotFound.message).toBe('The resource could not be found.')
})
