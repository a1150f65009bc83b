import { fakeApi, idIn } from '@openstack-cpi/harness/fake-api'
import { createFakeOpenStack, type FakeOpenStack, type SeedInput } from 'fake-openstack'
import { inTurn, timed } from './statistics.ts'

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

export const crowdSeed: SeedInput = {
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

/** A cloud with so many servers, each with a port, made through the API. */
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
  cloud.clock.advance('1m')
  return cloud
}

export interface Crowd {
  /** Servers of the cloud. */
  readonly servers: number
  /** Times of a page of 1,000 of them, ms. */
  readonly page: readonly number[]
}

/** Pages among 10,000 servers. */
export async function crowd(): Promise<Crowd> {
  const servers = 10_000
  const cloud = await crowdedCloud(servers)
  const path = 'compute/v2.1/servers/detail?limit=1000'
  const { page } = await inTurn(20, { page: () => timed(() => fakeApi(cloud).api('GET', path, undefined, 'crowd')) })
  return { servers, page }
}
