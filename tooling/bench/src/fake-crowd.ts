import { createFakeOpenStack, type FakeOpenStack, type SeedInput } from 'fake-openstack'
import type { FakeFigure } from './fake-figure.ts'
import { spread } from './statistics.ts'

const unlimited = {
  compute: { instances: -1, cores: -1, ram: -1 },
  'block-storage': { volumes: -1, gigabytes: -1 },
  network: { port: -1 },
}

export const crowdSeed: SeedInput = {
  version: 1,
  projects: [{ name: 'crowd', quotas: unlimited }],
  users: [{ name: 'crowd', password: 'crowd', roles: { crowd: ['member'] } }],
  flavors: [{ id: '1', name: 'm1.tiny', ramMiB: 512, vcpus: 1, diskGiB: 1 }],
  networks: [{ name: 'net', project: 'crowd', subnets: [{ name: 'subnet', cidr: '10.0.0.0/8' }] }],
  images: [{ name: 'image', project: 'crowd', sizeBytes: 1 }],
}

/** A cloud with so many servers, each with a port, and a tenth as many volumes, made through the API. */
const crowdedCloud = async (count: number): Promise<FakeOpenStack> => {
  const cloud = createFakeOpenStack({ seed: crowdSeed, pageSize: 1000 })
  const token = await cloud.token('crowd')
  const named = (kind: string) => cloud.state()[kind]?.[0]?.id
  for (let made = 0; made < count; made += 100) {
    const response = await cloud.fetch(`${cloud.url}/compute/v2.1/servers`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({
        server: {
          name: `vm-${made}`,
          imageRef: named('images'),
          flavorRef: '1',
          networks: [{ uuid: named('networks') }],
          metadata: { deployment: 'cf', index: String(made) },
          min_count: 100,
          max_count: 100,
        },
      }),
    })
    if (response.status !== 202) throw new Error(`no servers: ${response.status} ${await response.text()}`)
  }
  for (let made = 0; made < count / 10; made += 1) {
    await cloud.fetch(`${cloud.url}/volume/v3/${cloud.projectId('crowd')}/volumes`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({ volume: { size: 1, metadata: { deployment: 'cf', index: String(made) } } }),
    })
  }
  cloud.clock.advance('1m')
  return cloud
}

/** Pages and look-ups among 10,000 servers, and how much dearer they are than among 1,000. */
export async function crowd(): Promise<readonly FakeFigure[]> {
  const small = await crowdedCloud(1000)
  const large = await crowdedCloud(10_000)
  const page = await timesOf(large, '/compute/v2.1/servers/detail?limit=1000', 20)
  const growth = async (what: string, path: string): Promise<FakeFigure> => {
    const among = { small: await timesOf(small, path, 200), large: await timesOf(large, path, 200) }
    return {
      what: `${what}: among 10,000 / among 1,000`,
      unit: '×',
      measured: spread([spread(among.large).median / spread(among.small).median]),
      budget: { atMost: 2 },
    }
  }
  return [
    {
      what: 'page of 1,000 of 10,000 servers, with details',
      unit: 'ms',
      measured: spread(page),
      budget: { atMost: 15 },
    },
    await growth('server by exact name', '/compute/v2.1/servers/detail?name=%5Evm-500-5%24'),
    await growth('page of 20 servers', '/compute/v2.1/servers/detail?limit=20'),
    await growth('servers by status', '/compute/v2.1/servers/detail?status=SHUTOFF'),
    await growth('ports by tag', '/network/v2.0/ports?tags=nobody'),
    await growth(
      'volumes by metadata (a tenth as many)',
      `/volume/v3/${large.projectId('crowd')}/volumes/detail?metadata=%7B%27index%27%3A%2750%27%7D`,
    ),
    await growth('ports of a server', '/network/v2.0/ports?device_id=nobody'),
    await growth('port by address', '/network/v2.0/ports?fixed_ips=ip_address%3D10.0.1.5'),
  ]
}

async function timesOf(cloud: FakeOpenStack, path: string, runs: number): Promise<readonly number[]> {
  const headers = { 'x-auth-token': await cloud.token('crowd') }
  const times: number[] = []
  for (let i = -3; i < runs; i++) {
    const start = performance.now()
    const response = await cloud.fetch(`${cloud.url}${path}`, { headers })
    await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
    if (i >= 0) times.push(performance.now() - start)
  }
  return times
}
