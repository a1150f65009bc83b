import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-request.ts'
import { type Fixture, manualNetwork as manual } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'

const agentId = '8a1f7e3c-0d0e-4a51-9c79-0c6f0a2b1d44'

/** What is special about a VM. */
export interface VmParams {
  readonly cloudProperties?: JsonObject
  readonly networks?: JsonObject
  readonly disks?: readonly string[]
  readonly env?: JsonObject
  readonly openstack?: JsonObject
}

const defaults: JsonObject = { default_key_name: 'bosh', default_security_groups: ['bosh'] }

/** A request for a small VM with one manual network, unless told otherwise. */
export function vmRequest(fixture: Fixture, params: VmParams = {}): CpiRequest {
  return {
    method: 'create_vm',
    arguments: [
      agentId,
      fixture.idOf('images', 'tiny-image'),
      { instance_type: 'm1.tiny', ...params.cloudProperties },
      params.networks ?? { default: manual(fixture, 'bosh-net', '10.10.1.7') },
      params.disks ?? [],
      params.env ?? { bosh: { group: 'director-deployment-web', tags: { team: 'x' } } },
    ],
    openstack: { ...defaults, ...params.openstack },
  }
}

/** CID of a VM whose `create_vm` has just ended: it has no metadata of the director yet. */
export async function freshVm(fixture: Fixture, params: VmParams = {}): Promise<string> {
  const request = vmRequest(fixture, params)
  const [cid] = (await fixture.call(request.method, request.arguments, request)) as [string] // contract §6.4
  return cid
}

/** CID of a VM that its director knows. */
export async function givenVm(fixture: Fixture, params: VmParams = {}): Promise<string> {
  const cid = await freshVm(fixture, params)
  await fixture.call('set_vm_metadata', [cid, { deployment: 'cf', job: 'db', index: 0 }])
  return cid
}

export const multiNic: JsonObject = { use_dhcp: false, config_drive: 'disk' }

/** Two networks, each with its own NIC. */
export const twoNetworks = (fixture: Fixture): JsonObject => ({
  first: manual(fixture, 'bosh-net', '10.10.1.7'),
  second: manual(fixture, 'bosh-net-2', '10.20.1.7', { default: [] }),
})

const createVm = (variant: string, params: (fixture: Fixture) => VmParams | Promise<VmParams>): Scenario => ({
  name: `create_vm: ${variant}`,
  purpose: 'create',
  given: async (fixture) => vmRequest(fixture, await params(fixture)),
})

export const networkVariants: readonly Scenario[] = [
  createVm('manual', () => ({})),
  createVm('dynamic', (fixture) => ({
    networks: { default: { type: 'dynamic', cloud_properties: { net_id: fixture.idOf('networks', 'bosh-net') } } },
  })),
  createVm('two NICs', (fixture) => ({ networks: twoNetworks(fixture), openstack: multiNic })),
  createVm('dual stack', (fixture) => ({
    networks: {
      v4: manual(fixture, 'bosh-net-dual', '10.40.1.7', { nic_group: '1' }),
      v6: manual(fixture, 'bosh-net-dual', 'fd00:40::7', { nic_group: '1', default: [] }),
    },
  })),
  createVm('floating IP', (fixture) => ({
    networks: {
      default: manual(fixture, 'bosh-net', '10.10.1.7'),
      public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} },
    },
  })),
  createVm('floating IP of another VM', async (fixture) => {
    const networks = (ip: string): JsonObject => ({
      default: manual(fixture, 'bosh-net', ip),
      public: { type: 'vip', ip: '203.0.113.137', cloud_properties: {} },
    })
    await givenVm(fixture, { networks: networks('10.10.1.8') })
    return { networks: networks('10.10.1.7') }
  }),
  createVm('VRRP', async (fixture) => {
    const port = { network_id: fixture.idOf('networks', 'bosh-net'), fixed_ips: [{ ip_address: '10.10.1.200' }] }
    await fixture.api('POST', 'network/v2.0/ports', { port: { ...port, name: 'reserved' } })
    return { cloudProperties: { allowed_address_pairs: '10.10.1.200' } }
  }),
  {
    ...createVm('address held by an orphaned port', async (fixture) => {
      const port = { network_id: fixture.idOf('networks', 'bosh-net'), fixed_ips: [{ ip_address: '10.10.1.7' }] }
      await fixture.api('POST', 'network/v2.0/ports', { port })
      return {}
    }),
    orphans: 'ports',
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
    initialFaults: [
      {
        match: { transition: 'servers.build.scheduled' },
        do: { state: { to: 'ERROR', message: 'No valid host was found.' } },
      },
    ],
  },
]
