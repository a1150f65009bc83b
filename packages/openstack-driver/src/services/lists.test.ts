import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'
import { collect } from '../http/service-client.ts'
import type { Services } from './services.ts'

type List = (services: Services) => Promise<readonly unknown[]>

describe('§3.4 each list is followed to its end', () => {
  const first = { id: 'first', status: 'ACTIVE', keypair: 'first' }
  const last = { id: 'last', status: 'ACTIVE', keypair: 'last' }
  const byLink =
    (key: string, linksKey = `${key}_links`): Script =>
    ({ path }, response) => {
      const isFirst = !path.includes('marker=')
      const links = { [linksKey]: [{ rel: 'next', href: 'http://127.0.0.1/?marker=first' }] }
      answer(response, 200, isFirst ? { [key]: [first], ...links } : { [key]: [last] })
    }
  const byNext: Script = ({ path }, response) => {
    const isFirst = !path.includes('marker=')
    answer(response, 200, isFirst ? { images: [first], next: '/v2/images?marker=first' } : { images: [last] })
  }
  const byOffset: Script = ({ path }, response) => {
    const pages = [[first], [last], []]
    const offset = Number(new URL(path, 'http://k').searchParams.get('offset') ?? 0)
    answer(response, 200, { server_groups: pages[offset] })
  }
  const rows: readonly (readonly [string, Script, List])[] = [
    ['servers', byLink('servers'), ({ compute }) => collect(compute.servers.list())],
    ['servers with volumes', byLink('servers'), ({ compute }) => collect(compute.servers.listWithVolumes())],
    ['servers of a name', byLink('servers'), ({ compute }) => compute.servers.named('a')],
    ['flavors', byLink('flavors'), ({ compute }) => collect(compute.flavors.list())],
    ['key pairs', byLink('keypairs'), ({ compute }) => compute.keypairs.list()],
    ['server groups', byOffset, ({ compute }) => collect(compute.serverGroups.list())],
    ['networks', byLink('networks'), ({ network }) => collect(network.networks.list())],
    ['subnets', byLink('subnets'), ({ network }) => collect(network.subnets.list())],
    ['ports', byLink('ports'), ({ network }) => collect(network.ports.list())],
    ['floating IPs', byLink('floatingips'), ({ network }) => collect(network.floatingIps.list())],
    ['security groups', byLink('security_groups'), ({ network }) => collect(network.securityGroups.list())],
    ['images', byNext, ({ image }) => collect(image.images.list())],
    ['volumes', byLink('volumes'), ({ blockStorage }) => collect(blockStorage.volumes.list())],
    ['volumes of a name', byLink('volumes'), ({ blockStorage }) => collect(blockStorage.volumes.list({ name: 'a' }))],
    ['snapshots', byLink('snapshots'), ({ blockStorage }) => collect(blockStorage.snapshots.list())],
    [
      'volume types',
      byLink('volume_types', 'volume_type_links'),
      ({ blockStorage }) => blockStorage.volumeTypes.list(),
    ],
    ['pools', byLink('pools'), ({ loadBalancer }) => collect(loadBalancer.pools.list())],
    ['members', byLink('members'), ({ loadBalancer }) => collect(loadBalancer.members.list('p'))],
  ]
  test.each(rows)('%s', async (_, service, list) => {
    const { ctx } = await scriptedCloud({ service })
    expect(JSON.stringify(await list(ctx.services))).toMatch(/first.*last/)
  })
})

test('§3.4 a list by offset ends in a cloud that ignores the offset', async () => {
  const groups = [{ id: 'first' }, { id: 'last' }]
  let pages = 0
  const stubborn: Script = (_, response) => {
    pages += 1
    answer(response, pages > 9 ? 403 : 200, { server_groups: groups })
  }
  const { ctx, calls } = await scriptedCloud({ service: stubborn })
  expect(await collect(ctx.services.compute.serverGroups.list())).toEqual(groups)
  expect(calls()).toHaveLength(2)
})

describe('§3.4 what can be filtered is filtered by the service', () => {
  const rows: readonly (readonly [string, (services: Services) => Promise<unknown>, string])[] = [
    [
      'servers by name, which Nova takes for a regular expression',
      ({ compute }) => compute.servers.named('vm-1.a+b'),
      'servers/detail?name=^vm-1\\.a\\+b$',
    ],
    ['a key pair by name', ({ compute }) => compute.keypairs.show('a b'), 'os-keypairs/a b'],
    ['a flavor by id', ({ compute }) => compute.flavors.show('1'), 'flavors/1'],
    [
      'security groups by name',
      ({ network }) => collect(network.securityGroups.list({ name: ['a', 'b'] })),
      'security-groups?name=a&name=b',
    ],
    ['ports by server', ({ network }) => collect(network.ports.list({ device_id: 's' })), 'ports?device_id=s'],
    [
      'floating IPs by address',
      ({ network }) => collect(network.floatingIps.list({ floating_ip_address: '192.0.2.1' })),
      'floatingips?floating_ip_address=192.0.2.1',
    ],
    [
      'volumes by name',
      ({ blockStorage }) => collect(blockStorage.volumes.list({ name: 'v' })),
      'volumes/detail?name=v',
    ],
    ['pools by name', ({ loadBalancer }) => collect(loadBalancer.pools.list({ name: 'web' })), 'pools?name=web'],
  ]
  test.each(rows)('%s', async (_, ask, asked) => {
    const cloud = await scriptedCloud({
      service: (_request, response) => {
        const lists = ['servers', 'security_groups', 'ports', 'floatingips', 'volumes', 'pools']
        const empty = Object.fromEntries(lists.map((key) => [key, []]))
        answer(response, 200, { ...empty, keypair: {}, flavor: {} })
      },
    })
    await ask(cloud.ctx.services)
    const path = new URL(cloud.calls()[0]?.path ?? '', 'http://k')
    const shown = decodeURIComponent(path.pathname) + decodeURIComponent(path.search.replaceAll('+', ' '))
    expect(shown.slice(-asked.length - 1)).toBe(`/${asked}`)
  })
})
