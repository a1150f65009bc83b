import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'
import type { DriverContext } from '../driver-context.ts'
import { waitForSnapshot, waitForSnapshotDeleted } from './block-storage/snapshots.ts'
import { waitForVolume, waitForVolumeDeleted } from './block-storage/volumes.ts'
import { waitForServer, waitForServerDeleted } from './compute/servers.ts'
import { waitForImage } from './image/images.ts'
import { waitForLoadBalancer } from './load-balancer/load-balancer.ts'

/** GETs answer one state after the other, the last for ever; a number is a status without object. */
const states = (key: string | undefined, ...states: readonly (object | number)[]): Script => {
  let turn = 0
  return ({ method }, response) => {
    if (method === 'DELETE') return answer(response, 204, '')
    const state = states[Math.min(turn++, states.length - 1)] ?? 500
    if (typeof state === 'number') return answer(response, state, { itemNotFound: { code: state, message: 'Gone.' } })
    return answer(response, 200, key === undefined ? state : { [key]: state })
  }
}
const server = (status: string, task: string | null = null, more = {}) => ({
  id: '1',
  status,
  'OS-EXT-STS:task_state': task,
  ...more,
})

describe('§3.6 servers', () => {
  test('an ACTIVE one is ready when the caller agrees', async () => {
    const { ctx } = await scriptedCloud({
      service: states('server', server('BUILD', 'spawning'), server('ACTIVE', 'rebooting'), server('ACTIVE')),
    })
    const { servers } = ctx.services.compute
    const ready = await waitForServer(servers, '1', ctx.pace, (it) => it['OS-EXT-STS:task_state'] === null)
    expect(ready).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
  })

  test("an ERROR tells Nova's fault and its details", async () => {
    const fault = { code: 500, message: 'No valid host was found.', details: 'filtered out by RamFilter' }
    const { ctx } = await scriptedCloud({ service: states('server', server('ERROR', null, { fault })) })
    await expect(waitForServer(ctx.services.compute.servers, '1', ctx.pace)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: "Server `1' state is error, expected active\nNo valid host was found.\nfiltered out by RamFilter",
    })
  })

  test('an ERROR whose fault Nova has not written yet is read one more time', async () => {
    const fault = { code: 500, message: 'No valid host was found.' }
    const late = states('server', server('ERROR'), server('ERROR', null, { fault }))
    const { ctx } = await scriptedCloud({ service: late })
    await expect(waitForServer(ctx.services.compute.servers, '1', ctx.pace)).rejects.toThrow(
      "Server `1' state is error, expected active\nNo valid host was found.",
    )
    const never = await scriptedCloud({ service: states('server', server('ERROR')) })
    await expect(waitForServer(never.ctx.services.compute.servers, '1', never.ctx.pace)).rejects.toMatchObject({
      message: "Server `1' state is error, expected active",
    })
  })

  test('one that was deleted meanwhile is a failure, and so is one that is not there', async () => {
    const deleted = await scriptedCloud({ service: states('server', server('BUILD'), server('DELETED')) })
    await expect(waitForServer(deleted.ctx.services.compute.servers, '1', deleted.ctx.pace)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: "Server `1' state is deleted, expected active",
    })
    const gone = await scriptedCloud({ service: states('server', server('BUILD'), 404) })
    await expect(waitForServer(gone.ctx.services.compute.servers, '1', gone.ctx.pace)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: "Server `1': Resource not found",
    })
  })

  test('a: state and task are logged when one of them changes', async () => {
    const { ctx, log } = await scriptedCloud({
      service: states(
        'server',
        ...[server('BUILD', 'scheduling'), server('BUILD', 'scheduling'), server('BUILD', 'spawning')],
        server('ACTIVE'),
      ),
    })
    await waitForServer(ctx.services.compute.servers, '1', ctx.pace)
    expect(log.filter((line) => line.includes('waiting for'))).toEqual([
      "info Server `1' is build (scheduling), waiting for active",
      "info Server `1' is build (spawning), waiting for active",
      "info Server `1' is active, waiting for active",
    ])
  })

  test('one that is never deleted is a time-out, whatever it is in', async () => {
    const { ctx } = await scriptedCloud({ service: states('server', server('ERROR')) })
    await expect(waitForServerDeleted(ctx.services.compute.servers, '1', ctx.pace)).rejects.toMatchObject({
      kind: 'wait-timeout',
    })
  })

  test.each([
    ['404', 404],
    ['DELETED for half a minute', server('DELETED')],
    ['SOFT_DELETED', server('SOFT_DELETED')],
  ])('gone is: %s', async (_, end) => {
    const { ctx } = await scriptedCloud({ service: states('server', server('ACTIVE', 'deleting'), end) })
    await waitForServerDeleted(ctx.services.compute.servers, '1', ctx.pace)
  })

  test('a server that comes back from DELETED in ERROR, as Placement failed, is deleted again', async () => {
    const cloud = await scriptedCloud({ service: states('server', server('DELETED'), server('ERROR'), 404) })
    await waitForServerDeleted(cloud.ctx.services.compute.servers, '1', cloud.ctx.pace)
    expect(cloud.calls().map(({ method }) => method)).toEqual(['GET', 'GET', 'DELETE', 'GET'])
  })

  test('b: in ERROR with a task running the deletion goes on; without one the DELETE is sent again, once', async () => {
    const cloud = await scriptedCloud({
      service: states('server', server('ERROR', 'deleting'), server('ERROR'), server('ERROR'), 404),
    })
    await waitForServerDeleted(cloud.ctx.services.compute.servers, '1', cloud.ctx.pace)
    expect(cloud.calls().map(({ method }) => method)).toEqual(['GET', 'GET', 'DELETE', 'GET', 'GET'])
  })
})

describe('§3.6 volumes', () => {
  test.each(['error', 'error_extending', 'error_restoring'])('%s is a failure', async (status) => {
    const { ctx } = await scriptedCloud({ service: states('volume', { id: '1', status }) })
    await expect(waitForVolume(ctx.services.blockStorage.volumes, '1', 'available', ctx.pace)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: `Volume \`1' state is ${status}, expected available`,
    })
  })

  test('one that is in any other state is waited for until it is available', async () => {
    const others = ['creating', 'downloading', 'detaching', 'extending', 'retyping', 'reserved', 'in-use']
    const { ctx, clock } = await scriptedCloud({
      service: states('volume', ...[...others, 'available'].map((status) => ({ id: '1', status }))),
    })
    const { volumes } = ctx.services.blockStorage
    expect(await waitForVolume(volumes, '1', 'available', ctx.pace)).toMatchObject({ status: 'available' })
    expect(clock.slept).toHaveLength(others.length + 1)
  })

  test('attached means: in-use, with an attachment of our server; back to available means refused', async () => {
    const attaching = { id: '1', status: 'attaching', attachments: [] }
    const attached = { id: '1', status: 'in-use', attachments: [{ server_id: 'ours' }] }
    const other = { id: '1', status: 'in-use', attachments: [{ server_id: 'other' }] }
    const conditions = {
      isReady: ({ attachments }: { attachments: readonly { server_id: string }[] }) =>
        attachments.some((one) => one.server_id === 'ours'),
      isLost: ({ status }: { status: string }) => (status === 'available' ? 'The hypervisor refused' : undefined),
    }
    const good = await scriptedCloud({ service: states('volume', attaching, other, attached) })
    expect(
      await waitForVolume(good.ctx.services.blockStorage.volumes, '1', 'in-use', good.ctx.pace, conditions),
    ).toMatchObject(attached)
    const bad = await scriptedCloud({ service: states('volume', attaching, { ...attaching, status: 'available' }) })
    await expect(
      waitForVolume(bad.ctx.services.blockStorage.volumes, '1', 'in-use', bad.ctx.pace, conditions),
    ).rejects.toThrow(/The hypervisor refused/)
  })

  test('deleted means 404; error_deleting is a failure', async () => {
    const gone = await scriptedCloud({ service: states('volume', { id: '1', status: 'deleting' }, 404) })
    await waitForVolumeDeleted(gone.ctx.services.blockStorage.volumes, '1', gone.ctx.pace)
    const stuck = await scriptedCloud({ service: states('volume', { id: '1', status: 'error_deleting' }) })
    await expect(
      waitForVolumeDeleted(stuck.ctx.services.blockStorage.volumes, '1', stuck.ctx.pace),
    ).rejects.toMatchObject({ kind: 'unexpected-state' })
  })
})

describe('§3.6 snapshots', () => {
  test.each(['error', 'error_creating'])('%s is a failure', async (status) => {
    const { ctx } = await scriptedCloud({ service: states('snapshot', { id: '1', status }) })
    await expect(waitForSnapshot(ctx.services.blockStorage.snapshots, '1', ctx.pace)).rejects.toMatchObject({
      kind: 'unexpected-state',
      message: `Snapshot \`1' state is ${status}, expected available`,
    })
  })

  test('deleted means 404; error_deleting is a failure', async () => {
    const gone = await scriptedCloud({ service: states('snapshot', { id: '1', status: 'deleting' }, 404) })
    await waitForSnapshotDeleted(gone.ctx.services.blockStorage.snapshots, '1', gone.ctx.pace)
    const stuck = await scriptedCloud({ service: states('snapshot', { id: '1', status: 'error_deleting' }) })
    await expect(
      waitForSnapshotDeleted(stuck.ctx.services.blockStorage.snapshots, '1', stuck.ctx.pace),
    ).rejects.toMatchObject({ kind: 'unexpected-state' })
  })
})

test.each(['killed', 'deleted', 'deactivated'])('§3.6 an image that is %s fails', async (status) => {
  const { ctx } = await scriptedCloud({ service: states(undefined, { id: '1', status }) })
  await expect(waitForImage(ctx.services.image.images, '1', ctx.pace)).rejects.toMatchObject({
    kind: 'unexpected-state',
  })
})

describe('§3.6 states are compared without regard to case', () => {
  const rows: readonly (readonly [string, Script, Script, (ctx: DriverContext) => Promise<unknown>])[] = [
    [
      'server',
      states('server', server('active')),
      states('server', server('error')),
      ({ services, pace }) => waitForServer(services.compute.servers, '1', pace),
    ],
    [
      'volume',
      states('volume', { id: '1', status: 'Available' }),
      states('volume', { id: '1', status: 'Error' }),
      ({ services, pace }) => waitForVolume(services.blockStorage.volumes, '1', 'available', pace),
    ],
    [
      'snapshot',
      states('snapshot', { id: '1', status: 'AVAILABLE' }),
      states('snapshot', { id: '1', status: 'ERROR' }),
      ({ services, pace }) => waitForSnapshot(services.blockStorage.snapshots, '1', pace),
    ],
    [
      'image',
      states(undefined, { id: '1', status: 'ACTIVE' }),
      states(undefined, { id: '1', status: 'Killed' }),
      ({ services, pace }) => waitForImage(services.image.images, '1', pace),
    ],
    [
      'load balancer',
      states('loadbalancer', { id: '1', provisioning_status: 'active' }),
      states('loadbalancer', { id: '1', provisioning_status: 'error' }),
      ({ services, pace }) => waitForLoadBalancer(services.loadBalancer.loadBalancers, '1', pace),
    ],
  ]
  test.each(rows)('%s', async (_, good, bad, wait) => {
    expect(await wait((await scriptedCloud({ service: good })).ctx)).toMatchObject({ id: '1' })
    await expect(wait((await scriptedCloud({ service: bad })).ctx)).rejects.toMatchObject({ kind: 'unexpected-state' })
  })
})

test.each(['ERROR', 'DELETED'])('§3.6 a load balancer in %s fails', async (provisioning_status) => {
  const { ctx } = await scriptedCloud({ service: states('loadbalancer', { id: '1', provisioning_status }) })
  await expect(waitForLoadBalancer(ctx.services.loadBalancer.loadBalancers, '1', ctx.pace)).rejects.toMatchObject({
    kind: 'unexpected-state',
  })
})

describe('§3.6 a wait polls first when its kind of change mostly is over', () => {
  const rows: readonly (readonly [string, number, Script, (ctx: DriverContext) => Promise<unknown>])[] = [
    [
      'a new server',
      1_000,
      states('server', server('ACTIVE')),
      ({ services, pace }) => waitForServer(services.compute.servers, '1', pace),
    ],
    [
      'a deleted server',
      500,
      states('server', 404),
      ({ services, pace }) => waitForServerDeleted(services.compute.servers, '1', pace),
    ],
    [
      'a deleted volume',
      150,
      states('volume', 404),
      ({ services, pace }) => waitForVolumeDeleted(services.blockStorage.volumes, '1', pace),
    ],
    [
      'a volume of which its caller knows',
      700,
      states('volume', { id: '1', status: 'available' }),
      ({ services, pace }) =>
        waitForVolume(services.blockStorage.volumes, '1', 'available', pace, { firstPollMs: 700 }),
    ],
    [
      'any other volume',
      250,
      states('volume', { id: '1', status: 'available' }),
      ({ services, pace }) => waitForVolume(services.blockStorage.volumes, '1', 'available', pace),
    ],
    [
      'a new snapshot',
      150,
      states('snapshot', { id: '1', status: 'available' }),
      ({ services, pace }) => waitForSnapshot(services.blockStorage.snapshots, '1', pace),
    ],
    [
      'a deleted snapshot',
      150,
      states('snapshot', 404),
      ({ services, pace }) => waitForSnapshotDeleted(services.blockStorage.snapshots, '1', pace),
    ],
  ]
  test.each(rows)('%s: after %i ms', async (_, firstMs, service, wait) => {
    const { ctx, clock } = await scriptedCloud({ service })
    await wait(ctx)
    expect(Math.round(clock.slept[0] ?? 0)).toBe(firstMs)
    expect(clock.slept).toHaveLength(1)
  })
})

test('§3.6 an image is waited for from queued over saving to active', async () => {
  const { ctx } = await scriptedCloud({
    service: states(
      undefined,
      { id: '1', status: 'queued' },
      { id: '1', status: 'saving' },
      { id: '1', status: 'active' },
    ),
  })
  expect(await waitForImage(ctx.services.image.images, '1', ctx.pace)).toMatchObject({ status: 'active' })
})

test('§3.6 a load balancer is looked at first: it mostly is ACTIVE', async () => {
  const cloud = await scriptedCloud({ service: states('loadbalancer', { id: '1', provisioning_status: 'ACTIVE' }) })
  await waitForLoadBalancer(cloud.ctx.services.loadBalancer.loadBalancers, '1', cloud.ctx.pace)
  expect(cloud.clock.slept).toEqual([])
  // §6.6: the catalog has no Octavia, so Neutron is asked.
  expect(cloud.calls()).toMatchObject([{ path: '/network/v2.0/lbaas/loadbalancers/1' }])
})
