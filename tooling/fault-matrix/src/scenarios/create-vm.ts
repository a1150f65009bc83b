import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-call.ts'
import type { Scenario, Stage } from '../scenario.ts'

const agentId = '8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44'

/** What is special about a VM. */
export interface VmWish {
  readonly cloudProperties?: JsonObject
  readonly networks?: JsonObject
  readonly disks?: readonly string[]
  readonly env?: JsonObject
  readonly openstack?: JsonObject
}

const defaults: JsonObject = { default_key_name: 'bosh', default_security_groups: ['bosh'] }

/** A manual network on a network of the seed. */
export const manual = (stage: Stage, network: string, ip: string, more: JsonObject = {}): JsonObject => ({
  type: 'manual',
  ip,
  netmask: '255.255.252.0',
  gateway: ip.includes(':') ? 'fd00:40::1' : ip.replace(/\.\d+\.\d+$/, '.0.1'),
  dns: ['192.0.2.53'],
  default: ['dns', 'gateway'],
  cloud_properties: { net_id: stage.idOf('networks', network) },
  ...more,
})

/** A request for a small VM with one manual network, unless told otherwise. */
export function vmRequest(stage: Stage, wish: VmWish = {}): CpiRequest {
  return {
    method: 'create_vm',
    arguments: [
      agentId,
      stage.idOf('images', 'tiny-image'),
      { instance_type: 'm1.tiny', ...wish.cloudProperties },
      wish.networks ?? { default: manual(stage, 'bosh-net', '10.10.1.7') },
      wish.disks ?? [],
      wish.env ?? { bosh: { group: 'director-deployment-web', tags: { team: 'x' } } },
    ],
    openstack: { ...defaults, ...wish.openstack },
  }
}

/** CID of a VM made by the CPI. */
export async function givenVm(stage: Stage, wish: VmWish = {}): Promise<string> {
  const request = vmRequest(stage, wish)
  const [cid] = (await stage.call(request.method, request.arguments, request.openstack)) as [string] // contract §6.4
  return cid
}

export const multiNic: JsonObject = { use_dhcp: false, config_drive: 'disk' }

/** Two networks, each with its own NIC. */
export const twoNetworks = (stage: Stage): JsonObject => ({
  first: manual(stage, 'bosh-net', '10.10.1.7'),
  second: manual(stage, 'bosh-net-2', '10.20.1.7', { default: [] }),
})

const createVm = (variant: string, wish: (stage: Stage) => VmWish | Promise<VmWish>): Scenario => ({
  name: `create_vm: ${variant}`,
  purpose: 'create',
  given: async (stage) => vmRequest(stage, await wish(stage)),
})

export const networkVariants: readonly Scenario[] = [
  createVm('manual', () => ({})),
  createVm('dynamic', (stage) => ({
    networks: { default: { type: 'dynamic', cloud_properties: { net_id: stage.idOf('networks', 'bosh-net') } } },
  })),
  createVm('two NICs', (stage) => ({ networks: twoNetworks(stage), openstack: multiNic })),
  createVm('dual stack', (stage) => ({
    networks: {
      v4: manual(stage, 'bosh-net-dual', '10.40.1.7', { nic_group: '1' }),
      v6: manual(stage, 'bosh-net-dual', 'fd00:40::7', { nic_group: '1', default: [] }),
    },
  })),
  createVm('floating IP', (stage) => ({
    networks: {
      default: manual(stage, 'bosh-net', '10.10.1.7'),
      public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} },
    },
  })),
  createVm('floating IP of another VM', async (stage) => {
    const networks = (ip: string): JsonObject => ({
      default: manual(stage, 'bosh-net', ip),
      public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} },
    })
    await givenVm(stage, { networks: networks('10.10.1.8') })
    return { networks: networks('10.10.1.7') }
  }),
  createVm('VRRP', async (stage) => {
    const port = { network_id: stage.idOf('networks', 'bosh-net'), fixed_ips: [{ ip_address: '10.10.1.200' }] }
    await stage.api('POST', 'network/v2.0/ports', { port: { ...port, name: 'reserved' } })
    return { cloudProperties: { allowed_address_pairs: '10.10.1.200' } }
  }),
  {
    ...createVm('address held by a leftover', async (stage) => {
      const port = { network_id: stage.idOf('networks', 'bosh-net'), fixed_ips: [{ ip_address: '10.10.1.7' }] }
      await stage.api('POST', 'network/v2.0/ports', { port })
      return {}
    }),
    sweeps: 'ports',
  },
]

export const serverVariants: readonly Scenario[] = [
  createVm('boot from volume', () => ({ cloudProperties: { boot_from_volume: true, root_disk: { size: 3 } } })),
  createVm('boot volume with type', () => ({
    cloudProperties: { boot_from_volume: true, root_disk: { size: 3, type: 'fast' } },
  })),
  createVm('boot volume with type, old Nova', () => ({
    cloudProperties: { boot_from_volume: true, root_disk: { size: 3, type: 'fast' } },
    openstack: { nova_microversion_max: '2.60' },
  })),
  createVm('server group', () => ({ cloudProperties: { server_group: { policy: 'soft-anti-affinity' } } })),
  createVm('key pair and tags', () => ({
    cloudProperties: { key_name: 'bosh', tags: ['a'], metadata: { cost: '7' } },
  })),
  {
    ...createVm('AZ list with failover', () => ({
      cloudProperties: { availability_zones: ['z1', 'z2'] },
      openstack: { ignore_server_availability_zone: true },
    })),
    weather: [
      {
        match: { transition: 'servers.build.scheduled' },
        do: { state: { to: 'ERROR', message: 'No valid host was found.' } },
      },
    ],
  },
]
