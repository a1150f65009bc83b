import { fakeApi, idIn } from '@openstack-cpi/harness/fake-api'
import { createFakeOpenStack, type FakeOpenStack, type SeedInput } from 'fake-openstack'
import { inTurn, spread, timed } from './statistics.ts'

/** Port, volume, server, attachment, then all of it back again. */
export async function bootAndDelete(cloud: FakeOpenStack, isWhole: boolean): Promise<void> {
  const { api, idOf } = fakeApi(cloud)
  const volumes = `volume/v3/${cloud.projectId('bosh')}/volumes`
  const network_id = idOf('networks', 'bosh-net')
  const port = idIn(await api('POST', 'network/v2.0/ports', { port: { network_id } }), 'port')
  const volume = idIn(await api('POST', volumes, { volume: { size: 1 } }), 'volume')
  const wanted = { name: 'vm', imageRef: idOf('images', 'tiny-image'), flavorRef: '1', networks: [{ port }] }
  const server = `compute/v2.1/servers/${idIn(await api('POST', 'compute/v2.1/servers', { server: wanted }), 'server')}`
  cloud.clock.advance('10s')
  await api('POST', `${server}/os-volume_attachments`, { volumeAttachment: { volumeId: volume } })
  cloud.clock.advance('10s')
  const shown = await api('GET', server)
  if (Reflect.get(Object(shown['server']), 'status') !== 'ACTIVE')
    throw new Error(`not ACTIVE: ${JSON.stringify(shown)}`)
  if (!isWhole) return
  await api('DELETE', `${server}/os-volume_attachments/${volume}`)
  cloud.clock.advance('10s')
  await api('DELETE', `${volumes}/${volume}`)
  await api('DELETE', server)
  cloud.clock.advance('10s')
  await api('DELETE', `network/v2.0/ports/${port}`)
}

const crowdSeed: SeedInput = {
  version: 1,
  projects: [
    {
      name: 'crowd',
      quotas: {
        compute: { instances: -1, cores: -1, ram: -1 },
        'block-storage': { volumes: -1, gigabytes: -1 },
        network: { port: -1 },
      },
    },
  ],
  users: [{ name: 'crowd', password: 'crowd', roles: { crowd: ['member'] } }],
  flavors: [{ id: '1', name: 'm1.tiny', ramMiB: 512, vcpus: 1, diskGiB: 1 }],
  networks: [{ name: 'net', project: 'crowd', subnets: [{ name: 'subnet', cidr: '10.0.0.0/8' }] }],
  images: [{ name: 'image', project: 'crowd', sizeBytes: 1 }],
}

/** A cloud with so many servers, each with a port, and a tenth as many volumes, made through the API. */
async function crowdedCloud(count: number): Promise<FakeOpenStack> {
  const cloud = createFakeOpenStack({ seed: crowdSeed, pageSize: 1000 })
  const { api, idOf } = fakeApi(cloud)
  const common = {
    imageRef: idOf('images', 'image'),
    flavorRef: '1',
    networks: [{ uuid: idOf('networks', 'net') }],
    min_count: 100,
    max_count: 100,
  }
  for (let made = 0; made < count; made += 100) {
    const metadata = { deployment: 'cf', index: String(made) }
    await api('POST', 'compute/v2.1/servers', { server: { ...common, name: `vm-${made}`, metadata } }, 'crowd')
  }
  for (let made = 0; made < count / 10; made += 1) {
    const volume = { size: 1, metadata: { deployment: 'cf', index: String(made) } }
    await api('POST', `volume/v3/${cloud.projectId('crowd')}/volumes`, { volume }, 'crowd')
  }
  cloud.clock.advance('1m')
  return cloud
}

/** Lists, of which each must take as long among many objects as among few. */
const lists: readonly (readonly [what: string, path: string])[] = [
  ['server by exact name', 'compute/v2.1/servers/detail?name=%5Evm-500-5%24'],
  ['page of 20 servers', 'compute/v2.1/servers/detail?limit=20'],
  ['servers by status', 'compute/v2.1/servers/detail?status=SHUTOFF'],
  ['ports by tag', 'network/v2.0/ports?tags=nobody'],
  ['volumes by metadata (a tenth as many)', 'volume/v3/{project}/volumes/detail?metadata=%7B%27index%27%3A%2750%27%7D'],
  ['ports of a server', 'network/v2.0/ports?device_id=nobody'],
  ['port by address', 'network/v2.0/ports?fixed_ips=ip_address%3D10.0.1.5'],
]

export interface Crowd {
  /** Servers of the larger cloud. */
  readonly large: number
  /** Times of a page of 1,000 of them, ms. */
  readonly page: readonly number[]
  /** How much longer a list takes there than in a cloud with a tenth as many. */
  readonly growth: readonly { readonly what: string; readonly ratio: number }[]
}

/** Pages and look-ups among 10,000 servers, and how much dearer they are than among 1,000. */
export async function crowd(): Promise<Crowd> {
  const count = 10_000
  const few = await crowdedCloud(count / 10)
  const many = await crowdedCloud(count)
  const list = (cloud: FakeOpenStack, path: string) => () =>
    timed(() => fakeApi(cloud).api('GET', path.replace('{project}', cloud.projectId('crowd')), undefined, 'crowd'))
  const { page } = await inTurn(20, { page: list(many, 'compute/v2.1/servers/detail?limit=1000') })
  const growth: { what: string; ratio: number }[] = []
  for (const [what, path] of lists) {
    const times = await inTurn(200, { few: list(few, path), many: list(many, path) })
    growth.push({ what, ratio: spread(times.many).median / spread(times.few).median })
  }
  return { large: count, page, growth }
}
