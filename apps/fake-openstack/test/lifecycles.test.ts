import { describe, expect, test } from 'vitest'
import type { FakeOpenStackOptions } from '../src/cloud.ts'
import { transitions } from '../src/kernel/lifecycle.ts'
import { computeCloud } from './compute-client.ts'
import { userClient } from './user-client.ts'

type Cloud = Awaited<ReturnType<typeof computeCloud>>

/** What exists before, and the request with which each lifecycle begins. */
type Requests = (cloud: Cloud) => Promise<() => Promise<{ status: number }>>

/** A server that is running, and one action of it. */
const action =
  (body: object, ...before: object[]): Requests =>
  async ({ nova, running, cloud }) => {
    const id = await running()
    for (const one of before) {
      await nova('POST', `/servers/${id}/action`, one)
      cloud.clock.advance('5s')
    }
    return () => nova('POST', `/servers/${id}/action`, body)
  }

const volumeAction =
  (body: object): Requests =>
  async ({ cinder, volume }) => {
    const id = await volume()
    return () => cinder('POST', `/volumes/${id}/action`, body)
  }

const loadBalancer = async ({ lb, idOf }: Cloud): Promise<() => ReturnType<Cloud['lb']>> => {
  const body = { loadbalancer: { name: 'lb', vip_subnet_id: idOf('subnets', 'bosh-net-subnet') } }
  return () => lb('POST', '/loadbalancers', body)
}

const settled = '5s'

/** What a request for a group needs. */
const groupRequest = async ({ cloud }: Cloud) => {
  const client = (user: string) => userClient(cloud, user, '/volume/v3', 'volume', '3.58')
  const [admin, cinder] = [await client('admin'), await client('bosh')]
  const { json } = await admin('POST', '/group_types', { group_type: { name: 'g' } })
  const volume_type: string = (await cinder('GET', '/types')).json.volume_types[0].id
  return { cinder, volume_type, group: { group_type: json.group_type.id, volume_types: [volume_type] } }
}

/** A group with a volume. */
const volumeGroup = async (parts: Cloud) => {
  const { cinder, volume_type, group } = await groupRequest(parts)
  const id: string = (await cinder('POST', '/groups', { group })).json.group.id
  parts.cloud.clock.advance(settled)
  await cinder('POST', '/volumes', { volume: { size: 1, volume_type, group_id: id } })
  parts.cloud.clock.advance(settled)
  return { cinder, id }
}

const requestsOf: Record<string, Requests> = {
  'servers.build':
    async ({ nova, request }) =>
    () =>
      nova('POST', '/servers', { server: request() }),
  'servers.delete': async ({ nova, running }) => {
    const id = await running()
    return () => nova('DELETE', `/servers/${id}`)
  },
  'servers.detach-interface': async ({ nova, neutron, running, idOf, cloud }) => {
    const id = await running()
    const { json } = await neutron('POST', '/ports', { port: { network_id: idOf('networks', 'bosh-net') } })
    await nova('POST', `/servers/${id}/os-interface`, { interfaceAttachment: { port_id: json.port.id } })
    cloud.clock.advance('5s')
    return () => nova('DELETE', `/servers/${id}/os-interface/${json.port.id}`)
  },
  'servers.create-image': action({ createImage: { name: 'picture' } }),
  'servers.reboot-soft': action({ reboot: { type: 'SOFT' } }),
  'servers.reboot-hard': action({ reboot: { type: 'HARD' } }),
  'servers.start': action({ 'os-start': null }, { 'os-stop': null }),
  'servers.stop': action({ 'os-stop': null }),
  'servers.pause': action({ pause: null }),
  'servers.unpause': action({ unpause: null }, { pause: null }),
  'servers.suspend': action({ suspend: null }),
  'servers.resume': action({ resume: null }, { suspend: null }),
  'servers.rescue': action({ rescue: null }),
  'servers.unrescue': action({ unrescue: null }, { rescue: null }),
  'servers.change-password': action({ changePassword: { adminPass: 'new' } }),
  'servers.resize': action({ resize: { flavorRef: '2' } }),
  'servers.confirm-resize': action({ confirmResize: null }, { resize: { flavorRef: '2' } }),
  'servers.revert-resize': action({ revertResize: null }, { resize: { flavorRef: '2' } }),
  'servers.rebuild': async ({ nova, running, idOf }) => {
    const id = await running()
    const rebuild = { imageRef: idOf('images', 'tiny-image'), name: 'anew' }
    return () => nova('POST', `/servers/${id}/action`, { rebuild })
  },
  'servers.shelve': action({ shelve: null }),
  'servers.unshelve': action({ unshelve: null }, { shelve: null }),
  'images.import': async ({ glance }) => {
    const { json } = await glance('POST', '/images', { name: 'x', disk_format: 'raw', container_format: 'bare' })
    await glance('PUT', `/images/${json.id}/stage`, 'bytes', { contentType: 'application/octet-stream' })
    return () => glance('POST', `/images/${json.id}/import`, { method: { name: 'glance-direct' } })
  },
  'floatingips.associate': async ({ neutron, idOf, records }) => {
    const { json } = await neutron('POST', '/ports', { port: { network_id: idOf('networks', 'bosh-net') } })
    const address = records('floatingips').find((one) => one['floating_ip_address'] === '203.0.113.137')
    return () => neutron('PUT', `/floatingips/${address?.['id']}`, { floatingip: { port_id: json.port.id } })
  },
  'volumes.create':
    async ({ cinder }) =>
    () =>
      cinder('POST', '/volumes', { volume: { size: 1 } }),
  'volumes.create-from-image':
    async ({ cinder, idOf }) =>
    () =>
      cinder('POST', '/volumes', { volume: { size: 1, imageRef: idOf('images', 'tiny-image') } }),
  'volumes.delete': async ({ cinder, volume }) => {
    const id = await volume()
    return () => cinder('DELETE', `/volumes/${id}`)
  },
  'volumes.extend': volumeAction({ 'os-extend': { new_size: 2 } }),
  'volumes.retype': async (cloud) => {
    const types = cloud.records('volume_types').map((type) => type['name'])
    const other = types.find((name) => name !== '__DEFAULT__')
    return volumeAction({ 'os-retype': { new_type: other, migration_policy: 'never' } })(cloud)
  },
  'volumes.upload': volumeAction({ 'os-volume_upload_image': { image_name: 'picture' } }),
  'snapshots.create': async ({ cinder, volume }) => {
    const snapshot = { volume_id: await volume() }
    return () => cinder('POST', '/snapshots', { snapshot })
  },
  'snapshots.delete': async ({ cinder, volume, cloud, records }) => {
    await cinder('POST', '/snapshots', { snapshot: { volume_id: await volume() } })
    cloud.clock.advance('5s')
    return () => cinder('DELETE', `/snapshots/${records('snapshots')[0]?.['id']}`)
  },
  'groups.create': async (cloud) => {
    const { cinder, group } = await groupRequest(cloud)
    return () => cinder('POST', '/groups', { group })
  },
  'groups.create-from-source': async (cloud) => {
    const { cinder, id } = await volumeGroup(cloud)
    return () => cinder('POST', '/groups/action', { 'create-from-src': { source_group_id: id } })
  },
  'groups.update': async (cloud) => {
    const { cinder, id } = await volumeGroup(cloud)
    const [volume] = (await cinder('GET', `/volumes?group_id=${id}`)).json.volumes
    return () => cinder('PUT', `/groups/${id}`, { group: { remove_volumes: volume.id } })
  },
  'groups.delete': async (cloud) => {
    const { cinder, id } = await volumeGroup(cloud)
    return () => cinder('POST', `/groups/${id}/action`, { delete: { 'delete-volumes': true } })
  },
  'group-snapshots.create': async (cloud) => {
    const { cinder, id } = await volumeGroup(cloud)
    return () => cinder('POST', '/group_snapshots', { group_snapshot: { group_id: id } })
  },
  'group-snapshots.delete': async (cloud) => {
    const { cinder, id } = await volumeGroup(cloud)
    const { json } = await cinder('POST', '/group_snapshots', { group_snapshot: { group_id: id } })
    cloud.cloud.clock.advance(settled)
    return () => cinder('DELETE', `/group_snapshots/${json.group_snapshot.id}`)
  },
  'volumes.attach': async ({ nova, running, volume }) => {
    const [id, volumeId] = [await running(), await volume()]
    return () => nova('POST', `/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId } })
  },
  'volumes.detach': async ({ nova, running, volume, cloud }) => {
    const [id, volumeId] = [await running(), await volume()]
    await nova('POST', `/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId } })
    cloud.clock.advance('5s')
    return () => nova('DELETE', `/servers/${id}/os-volume_attachments/${volumeId}`)
  },
  'loadbalancers.create': loadBalancer,
  'loadbalancers.update': async (cloud) => {
    const { json } = await (await loadBalancer(cloud))()
    cloud.cloud.clock.advance('5s')
    return () => cloud.lb('PUT', `/loadbalancers/${json.loadbalancer.id}`, { loadbalancer: { name: 'other' } })
  },
  'loadbalancers.delete': async (cloud) => {
    const { json } = await (await loadBalancer(cloud))()
    cloud.cloud.clock.advance('5s')
    return () => cloud.lb('DELETE', `/loadbalancers/${json.loadbalancer.id}`)
  },
}

const stepNames = (await computeCloud()).cloud.lifecycle.names()
const lifecycleOf = (step: string): string => step.slice(0, step.lastIndexOf('.'))

/** Makes the requests up to the one that begins the lifecycle; the test changes the cloud before it and makes that one. */
const prepared = async (step: string, options: FakeOpenStackOptions = {}) => {
  const cloud = await computeCloud({ startAt: 0, ...options })
  const begin = await requestsOf[lifecycleOf(step)]?.(cloud)
  if (!begin) throw new Error(`no requests for ${step}`)
  const pending = () =>
    cloud.cloud.context.store
      .of(transitions)
      .all()
      .find((one) => `${one.lifecycle}.${one.step}` === step)
  return {
    ...cloud.cloud,
    pending,
    begin: async () => {
      const { status } = await begin()
      expect([200, 201, 202, 204]).toContain(status)
    },
    /** How long the step takes, from the one before. */
    time: () => {
      if (!pending()) cloud.cloud.runUntil(() => pending() !== undefined)
      return (pending()?.at ?? Number.NaN) - cloud.cloud.clock.now()
    },
  }
}

test('every lifecycle has its requests', () => {
  expect(Object.keys(requestsOf).sort()).toEqual([...new Set(stepNames.map(lifecycleOf))].sort())
})

describe.each(stepNames)('%s', (step) => {
  test('§9 takes as long as the options say', async () => {
    const { begin, time } = await prepared(step, { durations: { [step]: '7m' } })
    await begin()
    expect(time()).toBe(420_000)
  })

  test('is late by as much as a rule says', async () => {
    const usual = await prepared(step)
    await usual.begin()
    const late = await prepared(step)
    late.faults.add({ match: { transition: step }, do: { delay: '3m' } })
    await late.begin()
    expect(late.time() - usual.time()).toBe(180_000)
    late.faults.assertAllHit()
  })

  test('§9 is held by a rule until it is released', async () => {
    const usual = await prepared(step)
    await usual.begin()
    usual.clock.advance('1h')
    const { begin, faults, clock, lifecycle, pending, state } = await prepared(step)
    faults.add({ match: { transition: step }, do: { hold: true } })
    await begin()
    clock.advance('1h')
    expect(pending()?.at).toBeNull()
    expect(state()).not.toEqual(usual.state())
    expect(lifecycle.release()).toBe(1)
    clock.advance('1h')
    expect(pending()).toBeUndefined()
    expect(Object.keys(state())).toEqual(Object.keys(usual.state()))
  })

  test('§9 fails by a rule, and nothing comes after it', async () => {
    const usual = await prepared(step)
    await usual.begin()
    usual.clock.advance('1h')
    const { begin, faults, clock, lifecycle, state } = await prepared(step)
    const to = /^(volumes|snapshots|groups|group-snapshots)\./.test(step)
      ? 'error'
      : step.startsWith('images')
        ? 'killed'
        : 'ERROR'
    faults.add({ match: { transition: step }, do: { state: { to, message: 'as asked' } } })
    await begin()
    clock.advance('1h')
    faults.assertAllHit()
    expect(lifecycle.nextAt()).toBeUndefined()
    expect(state()).not.toEqual(usual.state())
  })
})
