import { expect, test } from 'vitest'
import { computeCloud } from '../../../test/compute-client.ts'
import { createFakeWithParts, type FakeWithParts } from '../../fake-openstack.ts'
import { boshCloud } from '../../seed/bosh-cloud.ts'
import { reserveVolume, startAttaching, startDetaching } from './attaching.ts'
import { type VolumeRecord, volumeAttachments, volumes } from './records.ts'

interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

/** A client of the block storage of one project. */
const clientOf = async (cloud: FakeWithParts, user = 'bosh') => {
  const token = await cloud.token(user)
  const projects = cloud.state()['projects'] as unknown as { id: string; name: string }[] // the records' own type
  const project = projects.find((one) => one.name === user)?.id ?? ''
  return async (method: string, path: string, body?: unknown, version?: string): Promise<Answer> => {
    const response = await cloud.fetch(`${cloud.url}/volume/v3/${project}${path}`, {
      method,
      headers: {
        'x-auth-token': token,
        'content-type': 'application/json',
        ...(version === undefined ? {} : { 'openstack-api-version': `volume ${version}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }
}

const newVolume = async (cloud: FakeWithParts, asked: object = {}): Promise<VolumeRecord> => {
  const call = await clientOf(cloud)
  const { body } = await call('POST', '/volumes', { volume: { size: 1, ...asked } })
  cloud.clock.advance('1s')
  const volume = cloud.store.of(volumes).get((body['volume'] as { id: string }).id)
  if (!volume) throw new Error(`no volume: ${JSON.stringify(body)}`)
  return volume
}

const attached = (cloud: FakeWithParts, volume: VolumeRecord, serverId = '11111111-2222-4333-8444-555555555555') => {
  const attachment = reserveVolume(cloud.context, volume, serverId)
  startAttaching(cloud.context, attachment.id, '/dev/sdc')
  cloud.clock.advance('1s')
  return attachment
}

const statusOf = (cloud: FakeWithParts, id: string) => cloud.store.of(volumes).get(id)?.status

test('§9 a volume is creating, then available; deleting, then gone', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud)
  const made = await call('POST', '/volumes', { volume: { size: 2, name: ' disk ', volume_type: 'fast' } })
  expect(made.status).toBe(202)
  expect(made.body['volume']).toMatchObject({ status: 'creating', size: 2, name: 'disk', volume_type: 'fast' })
  const { id } = made.body['volume'] as { id: string }
  cloud.clock.advance('1s')
  expect((await call('GET', `/volumes/${id}`)).body['volume']).toMatchObject({ status: 'available' })
  expect((await call('DELETE', `/volumes/${id}`)).status).toBe(202)
  expect((await call('GET', `/volumes/${id}`)).body['volume']).toMatchObject({ status: 'deleting' })
  cloud.clock.advance('1s')
  expect((await call('GET', `/volumes/${id}`)).status).toBe(404)
  expect(cloud.leftovers()).toEqual({})
})

test('§7.13 attaching goes by reserved and attaching to in-use, detaching back to available', async () => {
  const cloud = createFakeWithParts()
  const volume = await newVolume(cloud)
  const attachment = reserveVolume(cloud.context, volume, 'server')
  startAttaching(cloud.context, attachment.id, '/dev/sdc')
  const seen: (string | undefined)[] = [statusOf(cloud, volume.id)]
  for (let i = 0; i < 2; i += 1) {
    cloud.clock.advance('100ms')
    seen.push(statusOf(cloud, volume.id))
  }
  expect(seen).toEqual(['reserved', 'attaching', 'in-use'])
  startDetaching(cloud.context, attachment.id)
  expect(statusOf(cloud, volume.id)).toBe('detaching')
  cloud.clock.advance('1s')
  expect(statusOf(cloud, volume.id)).toBe('available')
  expect(cloud.store.of(volumeAttachments).size).toBe(0)
})

test('§7.13 a refused attachment gives the volume back', async () => {
  const cloud = createFakeWithParts()
  const volume = await newVolume(cloud)
  cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { state: { to: 'available' } } })
  attached(cloud, volume)
  expect(statusOf(cloud, volume.id)).toBe('available')
  expect(cloud.store.of(volumeAttachments).size).toBe(0)
})

test('§9 a volume in use can neither be deleted nor extended before 3.42 nor taken by os-detach', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud)
  const volume = await newVolume(cloud)
  attached(cloud, volume)
  const action = (body: object, version?: string) => call('POST', `/volumes/${volume.id}/action`, body, version)
  expect((await call('DELETE', `/volumes/${volume.id}`)).status).toBe(400)
  expect((await action({ 'os-extend': { new_size: 2 } })).status).toBe(400)
  expect((await action({ 'os-extend': { new_size: 2 } }, '3.42')).status).toBe(202)
  cloud.clock.advance('1s')
  expect(cloud.store.of(volumes).get(volume.id)).toMatchObject({ status: 'in-use', size: 2 })
})

test('§9 an extension makes an available volume bigger, and nothing else', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud)
  const volume = await newVolume(cloud, { size: 2 })
  const extend = async (new_size: number) =>
    (await call('POST', `/volumes/${volume.id}/action`, { 'os-extend': { new_size } })).status
  expect([await extend(1), await extend(2), await extend(3)]).toEqual([400, 400, 202])
  expect(await extend(4)).toBe(400) // it is extending
  cloud.clock.advance('1s')
  expect(cloud.store.of(volumes).get(volume.id)).toMatchObject({ status: 'available', size: 3 })
})

test('§9 zones of Cinder are not those of Nova: a volume in one of Nova alone is refused', async () => {
  const { availabilityZones, ...seed } = boshCloud
  const cloud = createFakeWithParts({
    seed: { ...seed, availabilityZones: { ...availabilityZones, volume: ['az-v'] } },
  })
  const call = await clientOf(cloud)
  const make = (zone?: string) =>
    call('POST', '/volumes', { volume: { size: 1, ...(zone === undefined ? {} : { availability_zone: zone }) } })
  expect((await make('z1')).body['badRequest']).toEqual({ code: 400, message: "Availability zone 'z1' is invalid." })
  expect((await make()).body['volume']).toMatchObject({ availability_zone: 'az-v' })
  expect((await call('GET', '/os-availability-zone')).body).toEqual({
    availabilityZoneInfo: [{ zoneName: 'az-v', zoneState: { available: true } }],
  })
})

test('§9 an admin sets the state of a volume, its user does not', async () => {
  const cloud = createFakeWithParts()
  const volume = await newVolume(cloud)
  const reset = async (user: string) => {
    const headers = { 'x-auth-token': await cloud.token(user), 'content-type': 'application/json' }
    const url = `${cloud.url}/volume/v3/${cloud.projectId(user)}/volumes/${volume.id}/action`
    const body = JSON.stringify({ 'os-reset_status': { status: 'error' } })
    return (await cloud.fetch(url, { method: 'POST', headers, body })).status
  }
  expect([await reset('bosh'), statusOf(cloud, volume.id)]).toEqual([403, 'available'])
  expect([await reset('admin'), statusOf(cloud, volume.id)]).toEqual([202, 'error'])
})

test('§7.11 a volume with snapshots is kept, unless the delete cascades', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud)
  const volume = await newVolume(cloud)
  expect((await call('POST', '/snapshots', { snapshot: { volume_id: volume.id } })).status).toBe(202)
  cloud.clock.advance('1s')
  expect((await call('DELETE', `/volumes/${volume.id}`)).status).toBe(400)
  expect((await call('DELETE', `/volumes/${volume.id}?cascade=true`)).status).toBe(202)
  cloud.clock.advance('1s')
  expect(cloud.leftovers()).toEqual({})
})

test('§7.10 quotas answer 413 overLimit with Retry-After: 0; snapshots count towards gigabytes', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud, 'bosh-small')
  const large = await call('POST', '/volumes', { volume: { size: 5 } })
  expect([large.status, large.headers.get('retry-after')]).toEqual([413, '0'])
  expect(large.body['overLimit']).toEqual({
    code: 413,
    message:
      'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 5G, quota is 2G and 0G has been consumed.',
    retryAfter: '0',
  })
  const { volume } = (await call('POST', '/volumes', { volume: { size: 1 } })).body as unknown as {
    volume: { id: string }
  }
  cloud.clock.advance('1s')
  expect((await call('POST', '/volumes', { volume: { size: 1 } })).body['overLimit']).toMatchObject({
    message: "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'.",
  })
  expect((await call('POST', '/snapshots', { snapshot: { volume_id: volume.id } })).status).toBe(202)
  const full = await call('POST', `/volumes/${volume.id}/action`, { 'os-extend': { new_size: 2 } })
  expect(full.status).toBe(413)
})

test('§7.16 a retype changes the type, a failed one keeps it', async () => {
  const cloud = createFakeWithParts()
  const call = await clientOf(cloud)
  const volume = await newVolume(cloud, { volume_type: 'standard' })
  const retype = () =>
    call('POST', `/volumes/${volume.id}/action`, { 'os-retype': { new_type: 'fast', migration_policy: 'on-demand' } })
  const typeName = async () =>
    ((await call('GET', `/volumes/${volume.id}`)).body['volume'] as { volume_type: string }).volume_type
  cloud.faults.add({ match: { transition: 'volumes.retype.retyped' }, do: { state: { to: '' } } })
  expect((await retype()).status).toBe(202)
  cloud.clock.advance('1s')
  expect([statusOf(cloud, volume.id), await typeName()]).toEqual(['available', 'standard'])
  expect((await retype()).status).toBe(202)
  cloud.clock.advance('1s')
  expect([statusOf(cloud, volume.id), await typeName()]).toEqual(['available', 'fast'])
})

test('a foreign project in the path is malformed, a foreign volume unknown', async () => {
  const cloud = createFakeWithParts()
  const volume = await newVolume(cloud)
  const other = await clientOf(cloud, 'other')
  expect((await other('GET', `/volumes/${volume.id}`)).status).toBe(404)
  const token = await cloud.token('other')
  const answer = await cloud.fetch(`${cloud.url}/volume/v3/${volume.project_id}/volumes`, {
    headers: { 'x-auth-token': token },
  })
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { badRequest: { code: 400, message: 'Malformed request url' } },
  ])
})

test('§3.4 a full page promises a next one; following the links finds every volume once', async () => {
  const cloud = createFakeWithParts({ pageSize: 2 })
  const call = await clientOf(cloud)
  const made = [await newVolume(cloud), await newVolume(cloud), await newVolume(cloud), await newVolume(cloud)]
  const found: string[] = []
  let path: string | undefined = '/volumes/detail'
  let pages = 0
  while (path !== undefined) {
    const { body }: Answer = await call('GET', path)
    found.push(...(body['volumes'] as { id: string }[]).map((one) => one.id))
    const next: string | undefined = (body['volumes_links'] as { href: string }[] | undefined)?.[0]?.href
    path = next?.slice(next.indexOf('/volumes/detail'))
    pages += 1
  }
  expect(pages).toBe(3) // the last one is empty
  expect(found).toEqual(made.map((one) => one.id).reverse())
})

test('§9 a volume on a server is detached through Nova; one that Nova knows nothing of, through Cinder', async () => {
  const { cinder, cloud, nova, running, volume } = await computeCloud()
  const [held, free, server] = [await volume(), await volume(), await running()]
  await nova('POST', `/servers/${server}/os-volume_attachments`, { volumeAttachment: { volumeId: held } })
  cloud.clock.advance('2s')
  await cinder('POST', `/volumes/${free}/action`, { 'os-attach': { instance_uuid: server, mountpoint: '/dev/vdc' } })
  const detach = (id: string) => cinder('POST', `/volumes/${id}/action`, { 'os-detach': {} })
  const refused = await detach(held)
  expect([refused.status, refused.json.conflictingRequest.message]).toEqual([
    409,
    `ConflictNovaUsingAttachment: Detach volume from instance ${server} using the Compute API`,
  ])
  expect((await detach(free)).status).toBe(202)
  cloud.clock.advance('2s')
  expect(cloud.state().volumes.map(({ id, status }) => [id, status])).toEqual([
    [held, 'in-use'],
    [free, 'available'],
  ])
})
