import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const cinder = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/volume/v3', 'volume')
  return { cloud, admin: await client('admin'), bosh: await client('bosh') }
}

test('an administrator lists a volume service for each zone and the scheduler; a tenant may not', async () => {
  const { admin, bosh } = await cinder()
  expect((await bosh('GET', '/os-services')).status).toBe(403)
  const hostsOf = async (query: string) =>
    (await admin('GET', `/os-services?${query}`)).json.services.map(({ host }: { host: string }) => host)
  const volumeHosts = ['block-storage@nova', 'block-storage@z1', 'block-storage@z2']
  expect(await hostsOf('')).toEqual([...volumeHosts, 'block-storage'])
  expect(await hostsOf('binary=cinder-volume')).toEqual(volumeHosts)
  expect(await hostsOf('host=block-storage@z1')).toEqual(['block-storage@z1'])
  expect(await hostsOf('host=block-storage')).toHaveLength(4)
  const { services } = (await admin('GET', '/os-services', undefined, '3.66')).json
  expect(services[0]).toMatchObject({ state: 'up', backend_state: 'up', cluster: null, frozen: false })
})

test('a service that does not exist is neither enabled nor frozen', async () => {
  const { admin } = await cinder()
  const change = async (action: string, body: object) => {
    const { status, json } = await admin('PUT', `/os-services/${action}`, body)
    return { status, message: (json.itemNotFound ?? json.badRequest)?.message }
  }
  const binary = 'cinder-volume'
  expect(await change('enable', { host: 'nope', binary })).toEqual({
    status: 404,
    message: 'Service cinder-volume could not be found on host nope.',
  })
  expect(await change('freeze', { host: 'nope' })).toEqual({
    status: 400,
    message: 'No service found with host=nope',
  })
  expect((await change('enable', { host: 'nope' })).message).toBe(
    "{'host': 'nope'} is not valid under any of the given schemas",
  )
  expect((await change('enable', { binary })).message).toBe('Invalid input received: Host field is missing.')
  expect((await change('nope', {})).message).toBe('Invalid input received: Unknown action')
  expect((await change('enable', { host: 'block-storage@z1', binary })).status).toBe(200)
  expect((await change('disable', { host: 'block-storage@z1', binary })).status).toBe(501)
})

test('pools and hosts count the volumes of their zone', async () => {
  const { admin, bosh, cloud } = await cinder()
  const volume = { size: 3, availability_zone: 'z1' }
  expect((await bosh('POST', '/volumes', { volume })).status).toBe(202)
  const { pools } = (await admin('GET', '/scheduler-stats/get_pools?detail=true')).json
  expect(pools.map((pool: { name: string }) => pool.name)).toContain('block-storage@z1#fake')
  expect(pools[1].capabilities.allocated_capacity_gb).toBe(3)
  const { host } = (await admin('GET', '/os-hosts/block-storage@z1')).json
  const counts = { volume_count: '1', total_volume_gb: '3', snapshot_count: '0' }
  expect(host).toMatchObject([
    { resource: { project: '(total)', ...counts } },
    { resource: { project: cloud.projectId('bosh'), ...counts } },
  ])
  expect((await admin('GET', '/os-hosts/nope')).status).toBe(404)
  expect((await admin('GET', '/os-hosts?zone=z2')).json.hosts).toMatchObject([{ host_name: 'block-storage@z2' }])
})

test('pools are found by name from 3.28 on, and unknown filters are refused from 3.31 on', async () => {
  const { admin } = await cinder()
  const pools = (query: string, version: string) =>
    admin('GET', `/scheduler-stats/get_pools?${query}`, undefined, version)
  expect((await pools('name=nope', '3.27')).json.pools).toHaveLength(3)
  expect((await pools('name=nope', '3.28')).json.pools).toEqual([])
  expect((await pools('name=block-storage@z1%23fake', '3.66')).json.pools).toHaveLength(1)
  expect((await pools('nope=1', '3.66')).json.badRequest.message).toBe(
    'Invalid filters nope are found in query options.',
  )
  expect((await pools('volume_type=fast', '3.66')).json.pools).toHaveLength(3)
  expect((await pools('volume_type=nope', '3.66')).status).toBe(404)
})

test('the capabilities of a back end are those of its driver', async () => {
  const { admin } = await cinder()
  expect((await admin('GET', '/capabilities/block-storage@z1')).json).toMatchObject({
    namespace: 'OS::Storage::Capabilities::block-storage@z1',
    properties: { qos: { title: 'QoS' } },
  })
  expect((await admin('GET', '/capabilities/nope')).json.itemNotFound.message).toBe("Can't find service: nope")
})

test('the quota class "default" gives all projects their defaults', async () => {
  const { admin, bosh, cloud } = await cinder()
  const change = (name: string, limits: object) =>
    admin('PUT', `/os-quota-class-sets/${name}`, { quota_class_set: limits })
  expect((await change('other', { volumes: 1 })).json.quota_class_set).toMatchObject({ volumes: 1, groups: 10 })
  expect((await change('default', { volumes: 0 })).status).toBe(200)
  expect((await change('default', { nope: 0 })).json.badRequest.message).toBe(
    'Invalid input received: Bad key(s) in quota class set: nope',
  )
  expect((await admin('GET', '/os-quota-class-sets/other')).json.quota_class_set).toMatchObject({ volumes: 1 })
  const project = cloud.projectId('other')
  expect((await admin('GET', `/os-quota-sets/${project}`)).json.quota_set.volumes).toBe(0)
  expect((await admin('GET', `/os-quota-sets/${project}/defaults`)).json.quota_set.volumes).toBe(0)
  const asOther = await userClient(cloud, 'other', '/volume/v3', 'volume')
  expect((await asOther('POST', '/volumes', { volume: { size: 1 } })).status).toBe(413)
  expect((await bosh('GET', '/os-quota-class-sets/default')).status).toBe(403)
})

test('a volume type has quotas of its own', async () => {
  const { admin, bosh, cloud } = await cinder()
  const path = `/os-quota-sets/${cloud.projectId('bosh')}`
  const { quota_set } = (await admin('PUT', path, { quota_set: { volumes_fast: 1, gigabytes_standard: 2 } })).json
  expect(quota_set).toMatchObject({ volumes_fast: 1, gigabytes_standard: 2, volumes_standard: -1 })
  const make = (volume: object) => bosh('POST', '/volumes', { volume })
  expect((await make({ size: 1, volume_type: 'fast' })).status).toBe(202)
  expect((await make({ size: 1, volume_type: 'fast' })).json.overLimit.message).toBe(
    "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes_fast'.",
  )
  expect((await make({ size: 3, volume_type: 'standard' })).json.overLimit.message).toContain(
    'exceeds allowed gigabytes_standard quota. Requested 3G, quota is 2G and 0G has been consumed.',
  )
})
