import { expect, test } from 'vitest'
import { computeCloud } from './compute-client.ts'

type Setting = Awaited<ReturnType<typeof computeCloud>>

/** A second one of each kind of which the seed has one. */
const furnished = async () => {
  const setting = await computeCloud({ pageSize: 1 })
  const { nova, neutron, cinder, glance, lb, idOf, running, volume, cloud } = setting
  for (const name of ['a', 'b']) {
    await running({ name })
    await nova('POST', '/os-keypairs', { keypair: { name } })
    await cinder('POST', '/snapshots', { snapshot: { volume_id: await volume(), name } })
    await glance('POST', '/images', { name })
    await neutron('POST', '/routers', { router: { name } })
    const balancer = { name, vip_subnet_id: idOf('subnets', 'bosh-net-subnet') }
    const made = await lb('POST', '/loadbalancers', { loadbalancer: balancer })
    cloud.clock.advance('5s')
    const pool = { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', loadbalancer_id: made.json.loadbalancer.id }
    await lb('POST', '/pools', { pool })
    cloud.clock.advance('5s')
    const listener = { name, protocol: 'TCP', protocol_port: 80, loadbalancer_id: made.json.loadbalancer.id }
    await lb('POST', '/listeners', { listener })
    cloud.clock.advance('5s')
  }
  const [pool] = setting.records('pools')
  for (const address of ['10.10.1.5', '10.10.1.6']) {
    await lb('POST', `/pools/${pool?.['id']}/members`, { member: { address, protocol_port: 80 } })
    cloud.clock.advance('5s')
  }
  return { ...setting, poolId: String(pool?.['id']) }
}

type Service = 'nova' | 'neutron' | 'cinder' | 'glance' | 'lb'

const bases: Record<Service, (setting: Setting) => string> = {
  nova: () => '/compute/v2.1',
  neutron: () => '/network/v2.0',
  cinder: ({ idOf }) => `/volume/v3/${idOf('projects', 'bosh')}`,
  glance: () => '/image',
  lb: () => '/load-balancer/v2/lbaas',
}

/** Where the next page is; Glance tells it relative to its own address. */
const nextOf = (answer: Record<string, unknown>, key: string): string | undefined => {
  const links = answer[key === 'volume_types' ? 'volume_type_links' : `${key}_links`] as
    | { rel: string; href: string }[]
    | undefined
  const next = links?.find((link) => link.rel === 'next')?.href ?? answer['next']
  return next === undefined ? undefined : String(next)
}

test.each<[Service, string, string]>([
  ['nova', '/servers', 'servers'],
  ['nova', '/servers/detail', 'servers'],
  ['nova', '/flavors', 'flavors'],
  ['nova', '/flavors/detail', 'flavors'],
  ['nova', '/os-keypairs', 'keypairs'],
  ['glance', '/v2/images', 'images'],
  ['neutron', '/networks', 'networks'],
  ['neutron', '/subnets', 'subnets'],
  ['neutron', '/ports', 'ports'],
  ['neutron', '/security-groups', 'security_groups'],
  ['neutron', '/security-group-rules', 'security_group_rules'],
  ['neutron', '/floatingips', 'floatingips'],
  ['neutron', '/routers', 'routers'],
  ['cinder', '/volumes', 'volumes'],
  ['cinder', '/volumes/detail', 'volumes'],
  ['cinder', '/snapshots', 'snapshots'],
  ['cinder', '/snapshots/detail', 'snapshots'],
  ['cinder', '/types', 'volume_types'],
  ['lb', '/loadbalancers', 'loadbalancers'],
  ['lb', '/listeners', 'listeners'],
  ['lb', '/pools', 'pools'],
  ['lb', '/pools/{pool}/members', 'members'],
])('§9 the page size of the cloud cuts every list: %s %s', async (service, path, key) => {
  const setting = await furnished()
  const { cloud, poolId } = setting
  const headers = {
    'x-auth-token': await cloud.token('bosh'),
    accept: 'application/json',
    // Nova pages key pairs since 2.35.
    ...(service === 'nova' ? { 'openstack-api-version': 'compute 2.35' } : {}),
  }
  const base = cloud.url + bases[service](setting)
  const seen: string[] = []
  let url: string | undefined = base + path.replace('{pool}', poolId)
  for (let page = 0; url !== undefined && page < 30; page += 1) {
    const answer = (await (await cloud.fetch(url, { headers })).json()) as Record<string, unknown>
    const items = answer[key] as unknown[]
    expect(items.length).toBeLessThanOrEqual(1)
    seen.push(...items.map((item) => JSON.stringify(item)))
    const next = nextOf(answer, key)
    url = next?.startsWith('/') ? base + next : next
  }
  expect(seen.length).toBeGreaterThan(1)
  expect(new Set(seen).size).toBe(seen.length)
  expect(url).toBeUndefined()
})
