import { fakeApi } from '@openstack-cpi/harness/fake-api'
import { createFakeOpenStack, type FakeOpenStack, type Snapshot } from 'fake-openstack'
import { crowdSeed } from './fake-clouds.ts'
import { spread } from './statistics.ts'

const few = 1_000
const many = 100_000

type StoredRecord = Snapshot['content'][string][number]

const idOf = (kind: number, index: number): string =>
  `${kind}0000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`

/** One server with a port, and one volume, made through the API. */
async function cloudOfOne(): Promise<FakeOpenStack> {
  const cloud = createFakeOpenStack({ seed: crowdSeed, pageSize: 1000 })
  const { api, idOf: idByName } = fakeApi(cloud)
  const networks = [{ uuid: idByName('networks', 'net') }]
  const server = { name: 'vm', imageRef: idByName('images', 'image'), flavorRef: '1', networks }
  await api('POST', 'compute/v2.1/servers', { server }, 'crowd')
  await api('POST', `volume/v3/${cloud.projectId('crowd')}/volumes`, { volume: { size: 1 } }, 'crowd')
  cloud.clock.advance('1m')
  return cloud
}

/** A cloud with so many servers, each with a port, and as many volumes: copies of what the API made of one. */
async function cloudOf(count: number): Promise<FakeOpenStack> {
  const cloud = await cloudOfOne()
  const { content, ...rest } = cloud.snapshot()
  const copies = (kind: string, change: (index: number) => Partial<StoredRecord>): StoredRecord[] => {
    const sample = content[kind]?.find((record) => kind !== 'ports' || Reflect.get(record, 'device_id') !== '')
    if (sample === undefined) throw new Error(`the cloud has none of ${kind}`)
    return Array.from({ length: count }, (_, index) => ({ ...sample, ...change(index) }))
  }
  const name = (index: number) => ({ name: `vm-${index}` })
  const tags = (index: number) => ({ tags: [`index-${index}`] })
  cloud.restore({
    ...rest,
    content: {
      ...content,
      servers: copies('servers', (i) => ({ id: idOf(1, i), ...name(i), ...tags(i), nics: [], number: i })),
      ports: copies('ports', (i) => ({
        id: idOf(2, (i * 7_919) % count),
        ...name(i),
        ...tags(i),
        device_id: idOf(1, i),
        mac_address: `fa:16:${i.toString(16).padStart(8, '0').match(/../g)?.join(':')}`,
        fixed_ips: [],
      })),
      volumes: copies('volumes', (i) => ({ id: idOf(3, i), ...name(i), metadata: { index: String(i) } })),
    },
  })
  return cloud
}

interface Crowd {
  readonly cloud: FakeOpenStack
  readonly token: string
}

/** Milliseconds that one request takes. */
async function timeOf({ cloud, token }: Crowd, method: string, path: string): Promise<number> {
  const headers = { 'x-auth-token': token, 'x-openstack-nova-api-version': '2.26' }
  const start = performance.now()
  const response = await cloud.fetch(`${cloud.url}${path}`, { method, headers })
  await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return performance.now() - start
}

const warmUps = 20
const runs = 100

/** The ratio of the times of a request in both clouds, in turn; `path` makes a path of the number of the run. */
async function ratioOf(large: Crowd, small: Crowd, method: string, path: (run: number) => string): Promise<number> {
  const times: { large: number[]; small: number[] } = { large: [], small: [] }
  for (let run = 0; run < warmUps + runs; run++) {
    const inLarge = await timeOf(large, method, path(run))
    const inSmall = await timeOf(small, method, path(run))
    if (run < warmUps) continue
    times.large.push(inLarge)
    times.small.push(inSmall)
  }
  return spread(times.large).median / spread(times.small).median
}

/** How much longer a request takes in the larger cloud. */
export interface Growth {
  readonly what: string
  readonly ratio: number
}

/** How much dearer lists, look-ups and deletions are among 100,000 servers, ports and volumes than among 1,000. */
export async function growth(): Promise<readonly Growth[]> {
  const crowdOf = async (count: number): Promise<Crowd> => {
    const cloud = await cloudOf(count)
    return { cloud, token: await cloud.token('crowd') }
  }
  const small = await crowdOf(few)
  const large = await crowdOf(many)
  const volumes = `/volume/v3/${large.cloud.projectId('crowd')}/volumes`
  const requests: readonly (readonly [string, string, (run: number) => string])[] = [
    ['page of 20 servers', 'GET', () => '/compute/v2.1/servers/detail?limit=20'],
    ['page of 20 ports behind a marker', 'GET', () => `/network/v2.0/ports?limit=20&marker=${idOf(2, 500)}`],
    ['server by exact name', 'GET', (run) => `/compute/v2.1/servers/detail?name=%5Evm-${run}%24`],
    ['servers by status', 'GET', () => '/compute/v2.1/servers/detail?status=SHUTOFF'],
    ['servers by tag', 'GET', (run) => `/compute/v2.1/servers/detail?tags=index-${run}`],
    ['port by name', 'GET', (run) => `/network/v2.0/ports?name=vm-${run}`],
    ['ports of a server', 'GET', (run) => `/network/v2.0/ports?device_id=${idOf(1, run)}`],
    ['ports by tag', 'GET', (run) => `/network/v2.0/ports?tags=index-${run}`],
    ['volume by name', 'GET', (run) => `${volumes}/detail?name=vm-${run}`],
    ['volumes by metadata', 'GET', (run) => `${volumes}/detail?metadata=%7B%27index%27%3A%27${run}%27%7D`],
    ['deletion of a volume', 'DELETE', (run) => `${volumes}/${idOf(3, run)}`],
    ['deletion of a port', 'DELETE', (run) => `/network/v2.0/ports/${idOf(2, run)}`],
    ['deletion of a server', 'DELETE', (run) => `/compute/v2.1/servers/${idOf(1, run)}`],
  ]
  const found: Growth[] = []
  for (const [what, method, path] of requests) {
    found.push({
      what: `${what}: among 100,000 / among 1,000`,
      ratio: await ratioOf(large, small, method, path),
    })
  }
  return found
}
