import { fakeApi, idIn } from '@openstack-cpi/harness/fake-api'
import { createFakeOpenStack, type FakeOpenStack, type Snapshot } from 'fake-openstack'
import { crowdFile } from './data.ts'
import { type Figure, figure, inTurn, spread, timed } from './statistics.ts'

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

/** A cloud with so many servers, each with a port, made through the API; up to 100 by a request. */
async function crowdedCloud(count: number): Promise<FakeOpenStack> {
  const cloud = createFakeOpenStack({ seed: crowdFile.seed, pageSize: 1000 })
  const { api, idOf } = fakeApi(cloud)
  const each = Math.min(count, 100)
  const common = {
    imageRef: idOf('images', 'image'),
    flavorRef: '1',
    networks: [{ uuid: idOf('networks', 'net') }],
    min_count: each,
    max_count: each,
  }
  for (let made = 0; made < count; made += each) {
    const metadata = { deployment: 'cf', index: String(made) }
    await api('POST', 'compute/v2.1/servers', { server: { ...common, name: `vm-${made}`, metadata } }, 'crowd')
  }
  cloud.clock.advance('1m')
  return cloud
}

/** Times of a page of 1,000 of 10,000 servers, ms. */
export async function pageTimes(): Promise<readonly number[]> {
  const cloud = await crowdedCloud(10_000)
  const path = 'compute/v2.1/servers/detail?limit=1000'
  const { page } = await inTurn(20, { page: () => timed(() => fakeApi(cloud).api('GET', path, undefined, 'crowd')) })
  return page
}

type StoredRecord = Snapshot['content'][string][number]

const hex = (index: number): string => index.toString(16).padStart(12, '0')
const idOf = (kind: number, index: number): string => `${kind}0000000-0000-4000-8000-${hex(index)}`

/** A cloud with so many servers, each with a port, and as many volumes: copies of what the API made of one. */
async function cloudOfCopies(count: number): Promise<FakeOpenStack> {
  const cloud = await crowdedCloud(1)
  const volumes = `volume/v3/${cloud.projectId('crowd')}/volumes`
  await fakeApi(cloud).api('POST', volumes, { volume: { size: 1 } }, 'crowd')
  cloud.clock.advance('1m')
  const { content, ...rest } = cloud.snapshot()
  const copies = (kind: string, change: (index: number) => Partial<StoredRecord>): StoredRecord[] => {
    const sample = content[kind]?.find((record) => kind !== 'ports' || Reflect.get(record, 'device_id') !== '')
    if (sample === undefined) throw new Error(`the cloud has none of ${kind}`)
    return Array.from({ length: count }, (_, index) => ({ ...sample, name: `vm-${index}`, ...change(index) }))
  }
  const tags = (index: number) => [`index-${index}`]
  cloud.restore({
    ...rest,
    content: {
      ...content,
      servers: copies('servers', (i) => ({ id: idOf(1, i), tags: tags(i), metadata: {}, nics: [], number: i })),
      ports: copies('ports', (i) => ({
        id: idOf(2, (i * 7_919) % count),
        tags: tags(i),
        device_id: idOf(1, i),
        mac_address: `fa:16:${i.toString(16).padStart(8, '0').match(/../g)?.join(':')}`,
        fixed_ips: [],
      })),
      volumes: copies('volumes', (i) => ({ id: idOf(3, i), metadata: { index: String(i) } })),
    },
  })
  return cloud
}

/**
 * How much longer the requests of `fake-clouds.yaml` take among 100,000 servers, ports and volumes than among 1,000, measured in
 * turn.
 */
export async function growth(): Promise<readonly Figure[]> {
  const small = await cloudOfCopies(1_000)
  const large = await cloudOfCopies(100_000)
  const sender = async (cloud: FakeOpenStack, request: string) => {
    const [method = '', path = ''] = request.replace('<project>', cloud.projectId('crowd')).split(' ')
    const headers = { 'x-auth-token': await cloud.token('crowd'), 'x-openstack-nova-api-version': '2.26' }
    let run = 0
    return () =>
      timed(async () => {
        const url = `${cloud.url}${path.replace('<run>', String(run)).replace('<hex>', hex(run++))}`
        const response = await cloud.fetch(url, { method, headers })
        await response.text()
        if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`)
      })
  }
  const found: Figure[] = []
  for (const [what, request] of Object.entries(crowdFile.growth)) {
    const measures = { large: await sender(large, request), small: await sender(small, request) }
    const { large: inLarge, small: inSmall } = await inTurn(120, measures)
    const median = (times: readonly number[]): number => spread(times.slice(20)).median // by then the code is compiled
    found.push(figure('growth', [median(inLarge) / median(inSmall)], what))
  }
  return found
}
