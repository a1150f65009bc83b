import { expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'

const pool: Script = (_, response) => answer(response, 200, { pool: { id: '1' } })
const withOctavia = (origin: string) => [
  { type: 'load-balancer', endpoints: [{ interface: 'public', region_id: 'R1', url: `${origin}/octavia` }] },
]
const lbaas = '/network/v2.0/lbaas/pools/1'
const octavia = '/octavia/v2.0/lbaas/pools/1'

test.each([
  ['absent', {}, lbaas, octavia],
  ['auto', { load_balancer_api: 'auto' }, lbaas, octavia],
  ['neutron', { load_balancer_api: 'neutron' }, lbaas, lbaas],
])(
  '§1.1 load_balancer_api %s: where pools are asked for without and with Octavia in the catalog',
  async (_, properties, without, withIt) => {
    const plain = await scriptedCloud({ service: pool, properties })
    await plain.ctx.services.loadBalancer.pools.show('1')
    expect(plain.calls()).toMatchObject([{ path: without }])
    const rich = await scriptedCloud({ service: pool, properties, catalog: withOctavia })
    await rich.ctx.services.loadBalancer.pools.show('1')
    expect(rich.calls()).toMatchObject([{ path: withIt }])
  },
)

test('§1.1 load_balancer_api octavia: a catalog without it is an error, not a reason to ask Neutron', async () => {
  const properties = { load_balancer_api: 'octavia' }
  const cloud = await scriptedCloud({ service: pool, properties })
  await expect(cloud.ctx.services.loadBalancer.pools.show('1')).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining("service 'load-balancer'"),
  })
  expect(cloud.calls()).toEqual([])
  const rich = await scriptedCloud({ service: pool, properties, catalog: withOctavia })
  await rich.ctx.services.loadBalancer.pools.show('1')
  expect(rich.calls()).toMatchObject([{ path: octavia }])
})
