import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import type { FaultRule } from 'fake-openstack'
import type { Call, Lane } from './lane.ts'
import { givenDisk, givenVm, idOf, manual, poolName, small, stemcellProperties } from './planted.ts'

/** A CPI call in one of its main forms, to be killed at each of its requests. */
export interface Variant {
  readonly title: string
  /** What it does to the cloud: makes something, removes something, or changes what there is. */
  readonly effect: 'makes' | 'removes' | 'changes'
  /** Properties of `openstack` for this call. */
  readonly openstack?: object
  /** A request that the cloud refuses: the call fails, and is killed while it removes what it has made. */
  readonly refused?: FaultRule
  /** Makes what the call needs, and answers the call. */
  readonly prepare: (lane: Lane) => Promise<Call>
}

const stemcellOf = (lane: Lane) => `${idOf(lane, 'images', 'tiny-image')} light`

const createVm = (
  title: string,
  given: (lane: Lane) => { readonly cloudProperties?: object; readonly networks?: object; readonly env?: object },
  openstack: object = {},
): Variant => ({
  title: `create_vm, ${title}`,
  effect: 'makes',
  openstack,
  prepare: async (lane) => {
    const { cloudProperties, networks, env = {} } = given(lane)
    const nets = networks ?? { private: manual(lane, 'bosh-net', '10.10.2.20') }
    return { method: 'create_vm', args: ['agent-1', stemcellOf(lane), { ...small, ...cloudProperties }, nets, [], env] }
  },
})

const twoNics = { config_drive: 'cdrom' }
const bootVolume = { boot_from_volume: true, root_disk: { size: 2, type: 'standard' } }
const pools = [{ name: poolName, port: 8080 }]
const inGroup = {
  env: { bosh: { group: 'director-cf-web' } },
  cloudProperties: { server_group: { policy: 'soft-anti-affinity' } },
}

/** The same, refused by the cloud at a late request. */
const refused = (variant: Variant, service: string, operation: string): Variant => ({
  ...variant,
  title: `${variant.title}, refused at ${operation}`,
  refused: { match: { service, operation }, times: null, do: { respond: { status: 400 } } },
})

const remove = (method: string, title: string, given: (lane: Lane) => Promise<unknown>): Variant => ({
  title,
  effect: 'removes',
  prepare: async (lane) => ({ method, args: [await given(lane)] }),
})

const networkDefinition = (lane: Lane) => ({
  type: 'manual',
  range: '10.99.0.0/24',
  gateway: '10.99.0.1',
  cloud_properties: { router_id: idOf(lane, 'routers', 'bosh-router') },
})

const manyTies = (lane: Lane) => ({
  cloudProperties: { ...inGroup.cloudProperties, loadbalancer_pools: pools, ...bootVolume },
  networks: {
    private: manual(lane, 'bosh-net', '10.10.2.20'),
    second: manual(lane, 'bosh-net-2', '10.20.2.20', false),
  },
  env: inGroup.env,
})

const bootVolumeBefore = createVm('boot volume made beforehand', () => ({ cloudProperties: bootVolume }), {
  nova_microversion_max: '2.60',
})
const withFloatingIp = createVm('floating IP', (lane) => ({
  networks: {
    private: manual(lane, 'bosh-net', '10.10.2.20'),
    public: { type: 'vip', ip: freeFloatingIp(lane), cloud_properties: {} },
  },
}))
const withManyTies = createVm('two NICs, boot volume, pool and group', manyTies, twoNics)
const createStemcell: Variant = {
  title: 'create_stemcell',
  effect: 'makes',
  prepare: async (lane) => ({
    method: 'create_stemcell',
    args: [await writeStemcellImage(lane.folder), stemcellProperties],
  }),
}
const createNetwork: Variant = {
  title: 'create_network',
  effect: 'makes',
  prepare: async (lane) => ({ method: 'create_network', args: [networkDefinition(lane)] }),
}

/** Every method that changes something, `create_vm` in all its forms. */
export const variants: readonly Variant[] = [
  createStemcell,
  refused(createStemcell, 'image', 'images.upload'),
  createVm('manual network', () => ({})),
  createVm('dynamic network', (lane) => ({
    networks: { dynamic: { type: 'dynamic', cloud_properties: { net_id: idOf(lane, 'networks', 'bosh-net') } } },
  })),
  createVm(
    'two NICs',
    (lane) => ({
      networks: {
        private: manual(lane, 'bosh-net', '10.10.2.20'),
        second: manual(lane, 'bosh-net-2', '10.20.2.20', false),
      },
    }),
    twoNics,
  ),
  createVm('boot from volume', () => ({ cloudProperties: bootVolume })),
  bootVolumeBefore,
  refused(bootVolumeBefore, 'compute', 'servers.create'),
  withFloatingIp,
  refused(withFloatingIp, 'network', 'floatingips.update'),
  createVm('pool', () => ({ cloudProperties: { loadbalancer_pools: pools } })),
  createVm('server group', () => inGroup),
  createVm('list of zones', () => ({ cloudProperties: { availability_zones: ['z1', 'z2'] } }), {
    ignore_server_availability_zone: true,
  }),
  withManyTies,
  refused(withManyTies, 'load-balancer', 'members.create'),
  {
    title: 'create_disk',
    effect: 'makes',
    prepare: async () => ({ method: 'create_disk', args: [1024, {}, null] }),
  },
  {
    title: 'attach_disk',
    effect: 'changes',
    prepare: async (lane) => {
      const vm = await givenVm(lane, '10.10.2.20')
      return { method: 'attach_disk', args: [vm, await lane.ask({ method: 'create_disk', args: [1024, {}, vm] })] }
    },
  },
  {
    title: 'detach_disk',
    effect: 'changes',
    prepare: async (lane) => {
      const vm = await givenVm(lane, '10.10.2.20')
      return { method: 'detach_disk', args: [vm, await givenDisk(lane, vm)] }
    },
  },
  {
    title: 'snapshot_disk',
    effect: 'makes',
    prepare: async (lane) => {
      const disk = await givenDisk(lane, await givenVm(lane, '10.10.2.20'))
      return { method: 'snapshot_disk', args: [disk, { deployment: 'cf' }] }
    },
  },
  createNetwork,
  refused(createNetwork, 'network', 'networks.update'),
  remove('delete_vm', 'delete_vm, manual network', (lane) => givenVm(lane, '10.10.2.20')),
  remove('delete_vm', 'delete_vm, boot volume, pool, group and disk', async (lane) => {
    const cloudProperties = { ...inGroup.cloudProperties, loadbalancer_pools: pools, ...bootVolume }
    const vm = await givenVm(lane, '10.10.2.20', { cloudProperties })
    await givenDisk(lane, vm)
    return vm
  }),
  remove('delete_disk', 'delete_disk', async (lane) => {
    const vm = await givenVm(lane, '10.10.2.20')
    const disk = await givenDisk(lane, vm)
    await lane.ask({ method: 'detach_disk', args: [vm, disk] })
    return disk
  }),
  remove('delete_snapshot', 'delete_snapshot', async (lane) => {
    const disk = await givenDisk(lane, await givenVm(lane, '10.10.2.20'))
    return lane.ask({ method: 'snapshot_disk', args: [disk, {}] })
  }),
  remove('delete_stemcell', 'delete_stemcell', async (lane) =>
    lane.ask({ method: 'create_stemcell', args: [await writeStemcellImage(lane.folder), stemcellProperties] }),
  ),
  remove('delete_network', 'delete_network', async (lane) => {
    const created = await lane.ask({ method: 'create_network', args: [networkDefinition(lane)] })
    return (created as [string])[0] // contract §6.21
  }),
]

function freeFloatingIp({ cloud }: Lane): string {
  const free = (cloud.state()['floatingips'] ?? []).find((record) => Reflect.get(record, 'port_id') === null)
  return String(Reflect.get(Object(free), 'floating_ip_address'))
}
