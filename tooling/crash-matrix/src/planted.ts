import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import type { Lane } from './lane.ts'
import { director, otherDirector } from './lane.ts'

export const stemcellProperties = { name: 'stemcell', version: '1', disk_format: 'raw', container_format: 'bare' }
export const small = { instance_type: 'm1.tiny' }
/** Of the pool that the operator made. */
export const poolName = 'web-pool'

/** Id of something of the seed, by its name. */
export function idOf({ cloud }: Pick<Lane, 'cloud'>, kind: string, name: string): string {
  const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
  if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
  return found.id
}

/** A manual network on a network of the seed. */
export function manual(lane: Pick<Lane, 'cloud'>, network: string, ip: string, isDefault = true): object {
  return {
    type: 'manual',
    ip,
    netmask: '255.255.252.0',
    gateway: ip.replace(/\d+\.\d+$/u, '0.1'),
    default: isDefault ? ['dns', 'gateway'] : [],
    cloud_properties: { net_id: idOf(lane, 'networks', network) },
  }
}

/** A VM that its director knows and uses. */
export async function givenVm(
  lane: Lane,
  ip: string,
  how: { readonly directorUuid?: string; readonly cloudProperties?: object; readonly openstack?: object } = {},
): Promise<string> {
  const networks = { private: manual(lane, 'bosh-net', ip) }
  const stemcell = idOf(lane, 'images', 'tiny-image')
  const env = { bosh: { group: 'director-cf-db' } }
  const args = ['agent-planted', `${stemcell} light`, { ...small, ...how.cloudProperties }, networks, [], env]
  const [vm] = (await lane.ask({ method: 'create_vm', args }, how)) as [string, unknown] // contract §6.4
  await lane.ask({ method: 'set_vm_metadata', args: [vm, { deployment: 'cf', job: 'db', index: 0 }] }, how)
  return vm
}

/** A disk that its director knows, attached. */
export async function givenDisk(lane: Lane, vm: string, directorUuid = director): Promise<string> {
  const disk = String(await lane.ask({ method: 'create_disk', args: [1024, {}, vm] }, { directorUuid }))
  await lane.ask({ method: 'attach_disk', args: [vm, disk] }, { directorUuid })
  return disk
}

/**
 * Fills a project with what must never be taken for a leftover of the director: what it knows, in all its states, what a
 * second director has, finished and left over, and what operators made by hand.
 */
export async function plant(lane: Lane): Promise<void> {
  await plantPool(lane)
  for (const [directorUuid, digit] of [
    [director, 1],
    [otherDirector, 2],
  ] as const) {
    const cloudProperties = {
      server_group: { policy: 'soft-anti-affinity' },
      loadbalancer_pools: [{ name: poolName, port: 80 }],
    }
    const vm = await givenVm(lane, `10.10.1.${digit}0`, { directorUuid, cloudProperties })
    await givenVm(lane, `10.10.1.${digit}1`, {
      directorUuid,
      cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } },
    })
    await givenDisk(lane, vm, directorUuid)
    await lane.ask({ method: 'create_disk', args: [1024, {}, vm] }, { directorUuid })
    const orphan = await givenDisk(lane, vm, directorUuid)
    await lane.ask({ method: 'snapshot_disk', args: [orphan, { deployment: 'cf' }] }, { directorUuid })
    await lane.ask({ method: 'detach_disk', args: [vm, orphan] }, { directorUuid })
    const image = await writeStemcellImage(lane.folder)
    await lane.ask({ method: 'create_stemcell', args: [image, stemcellProperties] }, { directorUuid })
    const definition = {
      type: 'manual',
      range: `10.7${digit}.0.0/24`,
      gateway: `10.7${digit}.0.1`,
      cloud_properties: {},
    }
    await lane.ask({ method: 'create_network', args: [definition] }, { directorUuid })
  }
  await plantRubbleOfOther(lane)
  await plantOperators(lane)
}

/** What the second director's own dead calls left: not ours to list. */
async function plantRubbleOfOther(lane: Lane): Promise<void> {
  const how = { directorUuid: otherDirector }
  const running = await lane.start({ method: 'create_disk', args: [1024, {}, null] }, how)
  // Killed at its look at the volume.
  lane.proxy.arm({
    n: 3,
    moment: 'before',
    spring: async () => {
      running.child.kill('SIGKILL')
      await running.ended
      return 'gone'
    },
  })
  await running.ended
  const networks = { private: manual(lane, 'bosh-net', '10.10.1.29') }
  const stemcell = `${idOf(lane, 'images', 'tiny-image')} light`
  await lane.ask({ method: 'create_vm', args: ['agent-dead', stemcell, small, networks, [], {}] }, how)
}

/** A load balancer with a pool, as operators make them, and a member by hand. */
async function plantPool(lane: Lane): Promise<void> {
  const subnet = idOf(lane, 'subnets', 'bosh-net-subnet')
  const created = await lane.operator('POST', 'load-balancer/v2.0/lbaas/loadbalancers', {
    loadbalancer: { name: 'web', vip_subnet_id: subnet },
  })
  const loadbalancer_id = idIn(created, 'loadbalancer')
  const pause = () => lane.cloud.clock.advance('1m')
  pause()
  const pool = await lane.operator('POST', 'load-balancer/v2.0/lbaas/pools', {
    pool: { name: poolName, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', loadbalancer_id },
  })
  pause()
  await lane.operator('POST', `load-balancer/v2.0/lbaas/pools/${idIn(pool, 'pool')}/members`, {
    member: { name: 'vm-by-hand', address: '10.10.3.3', protocol_port: 80, subnet_id: subnet },
  })
  pause()
}

async function plantOperators(lane: Lane): Promise<void> {
  const network = idOf(lane, 'networks', 'bosh-net')
  const flavors = await lane.operator('GET', 'compute/v2.1/flavors')
  const flavorRef = (flavors['flavors'] as { id: string; name: string }[]).find(({ name }) => name === 'm1.tiny')?.id
  const imageRef = idOf(lane, 'images', 'tiny-image')
  await lane.operator('POST', 'compute/v2.1/servers', {
    server: { name: 'jumpbox', flavorRef, imageRef, networks: [{ uuid: network }] },
  })
  await lane.operator('POST', 'compute/v2.1/os-server-groups', {
    server_group: { name: 'by-hand', policies: ['anti-affinity'] },
  })
  for (const port of [{ name: 'reserved' }, {}, { name: 'vm-by-hand-private' }]) {
    await lane.operator('POST', 'network/v2.0/ports', { port: { ...port, network_id: network } })
  }
  await lane.operator('POST', 'network/v2.0/networks', { network: { name: 'bosh-by-hand' } })
  const project = lane.cloud.projectId('bosh')
  const volume = await lane.operator('POST', `volume/v3/${project}/volumes`, {
    volume: { name: 'volume-by-hand', size: 1 },
  })
  lane.cloud.clock.advance('1m')
  await lane.operator('POST', `volume/v3/${project}/snapshots`, {
    snapshot: { name: 'snapshot-by-hand', volume_id: idIn(volume, 'volume') },
  })
  await lane.operator('POST', 'image/v2/images', { name: 'by-hand', disk_format: 'raw', container_format: 'bare' })
}

function idIn(answer: Readonly<Record<string, unknown>>, key: string): string {
  return String(Reflect.get(Object(answer[key]), 'id'))
}
