import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const nova = async () => {
  const cloud = createFakeOpenStack()
  const admin = await userClient(cloud, 'admin', '/compute/v2.1')
  const bosh = await userClient(cloud, 'bosh', '/compute/v2.1')
  const computes = async (version?: string) =>
    (await admin('GET', '/os-services?binary=nova-compute', undefined, version)).json.services
  const imageRef = cloud.state().images[0]?.id
  const networkId = cloud.state().networks.find((one) => one.name === 'bosh-net')?.id
  const make = (more: object = {}, client = bosh) =>
    client('POST', '/servers', {
      server: { name: 'a', imageRef, flavorRef: '1', networks: [{ uuid: networkId }], ...more },
    })
  const built = async (more: object = {}, client = bosh) => {
    const { id } = (await make(more, client)).json.server
    cloud.clock.advance('5s')
    return (await client('GET', `/servers/${id}`)).json.server
  }
  return { cloud, admin, bosh, computes, make, built }
}

test('up to 2.52 a compute service is disabled and enabled by its host', async () => {
  const { admin, bosh, computes } = await nova()
  const [{ host, binary }] = await computes()
  const put = (action: string, body: object, version?: string) => admin('PUT', `/os-services/${action}`, body, version)
  const one = { host, binary }
  expect((await put('disable', one)).json).toEqual({ service: { ...one, status: 'disabled' } })
  expect(await computes()).toMatchObject([{ ...one, status: 'disabled', state: 'up', disabled_reason: null }, {}, {}])
  const reason = { ...one, disabled_reason: 'repair' }
  expect((await put('disable-log-reason', reason)).json.service).toEqual({ ...reason, status: 'disabled' })
  expect(await computes()).toMatchObject([{ disabled_reason: 'repair' }, { status: 'enabled' }, {}])
  expect((await put('enable', one)).json).toEqual({ service: { ...one, status: 'enabled' } })
  expect(await computes()).toMatchObject([{ status: 'enabled', disabled_reason: null }, {}, {}])
  expect((await put('disable-log-reason', one)).json.badRequest.message).toBe('Missing disabled reason field')
  expect((await put('force-down', one)).json.itemNotFound.message).toBe('Unknown action')
  expect((await put('force-down', one, '2.11')).json.badRequest.message).toBe('Missing forced_down field')
  expect((await put('disable', { host: 'nosuch', binary })).json.itemNotFound.message).toBe(
    "Host 'nosuch' is not mapped to any cell",
  )
  expect((await put('disable', { host: 'controller', binary: 'nova-scheduler' })).json.badRequest.message).toBe(
    'Updating a nova-scheduler service is not supported. Only nova-compute services can be updated.',
  )
  expect((await put('disable', { binary })).status).toBe(400)
  expect((await bosh('PUT', '/os-services/disable', one)).status).toBe(403)
})

test('from 2.53 on a compute service is changed by its id', async () => {
  const { cloud, admin, computes } = await nova()
  const [{ id, host }] = await computes('2.53')
  const put = (body: object, of = id) => admin('PUT', `/os-services/${of}`, body, '2.53')
  expect(
    (await put({ status: 'disabled', disabled_reason: 'repair', forced_down: 'true' })).json.service,
  ).toMatchObject({
    id,
    host,
    status: 'disabled',
    disabled_reason: 'repair',
    state: 'down',
    forced_down: true,
  })
  const hypervisors = (await admin('GET', '/os-hypervisors/detail', undefined, '2.53')).json.hypervisors
  expect(hypervisors[0]).toMatchObject({
    state: 'down',
    status: 'disabled',
    service: { id, disabled_reason: 'repair' },
  })
  expect((await put({ status: 'enabled', disabled_reason: 'x' })).json.badRequest.message).toBe(
    "Specifying 'disabled_reason' with status 'enabled' is invalid.",
  )
  expect((await put({ disabled_reason: 'x' })).json.badRequest.message).toContain('No updates were requested.')
  expect((await put({ status: 'enabled' }, 'disable')).json.badRequest.message).toBe('Invalid uuid disable')
  const unknown = '00000000-0000-4000-8000-000000000000'
  expect((await put({ status: 'enabled' }, unknown)).json.itemNotFound.message).toBe(
    `Service ${unknown} could not be found.`,
  )
  const [scheduler] = (await admin('GET', '/os-services', undefined, '2.53')).json.services
  expect((await put({ status: 'disabled' }, scheduler.id)).status).toBe(400)
  expect((await put({ status: 'enabled', forced_down: false })).json.service).toMatchObject({ state: 'up' })
  expect(cloud.leftovers()).toEqual({})
})

test('a zone whose hosts are all disabled is not available, and no server is placed on a disabled host', async () => {
  const { admin, bosh, computes, make, built } = await nova()
  const all = await computes()
  const disable = ({ host, binary }: { host: string; binary: string }) =>
    admin('PUT', '/os-services/disable', { host, binary })
  const [first] = all
  await disable(first)
  expect((await make({ availability_zone: first.zone })).json.badRequest.message).toBe(
    'The requested availability zone is not available',
  )
  const gone = { zoneName: first.zone, zoneState: { available: false }, hosts: null }
  expect((await bosh('GET', '/os-availability-zone')).json.availabilityZoneInfo.at(-1)).toEqual(gone)
  expect((await admin('GET', '/os-availability-zone/detail')).json.availabilityZoneInfo.at(-1)).toEqual(gone)
  const elsewhere = await built()
  expect(elsewhere.status).toBe('ACTIVE')
  expect(elsewhere['OS-EXT-AZ:availability_zone']).not.toBe(first.zone)
  for (const one of all) await disable(one)
  expect(await built()).toMatchObject({ status: 'ERROR', fault: { message: 'No valid host was found. ' } })
  const { status, host_status } = (await admin('GET', `/servers/${elsewhere.id}`, undefined, '2.16')).json.server
  expect({ status, host_status }).toEqual({ status: 'ACTIVE', host_status: 'MAINTENANCE' })
})

test('a host that is forced down gets no servers; its zone stays available, and its servers are not resized', async () => {
  const { admin, bosh, computes, built } = await nova()
  const server = await built()
  for (const { host, binary } of await computes()) {
    const down = await admin('PUT', '/os-services/force-down', { host, binary, forced_down: 'yes' }, '2.11')
    expect(down.json).toEqual({ service: { host, binary, forced_down: true } })
  }
  const { zoneState } = (await bosh('GET', '/os-availability-zone')).json.availabilityZoneInfo[0]
  expect(zoneState).toEqual({ available: true })
  expect((await built()).fault.message).toBe('No valid host was found. There are not enough hosts available.')
  const resized = await bosh('POST', `/servers/${server.id}/action`, { resize: { flavorRef: '2' } })
  expect(resized.json.conflictingRequest.message).toBe('Service is unavailable at this time.')
  expect((await admin('GET', `/servers/${server.id}`, undefined, '2.16')).json.server.host_status).toBe('DOWN')
})
