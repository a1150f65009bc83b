import { type JsonObject, vmCid } from '@openstack-cpi/cpi-core'
import type { ContractProbes, CpiContractHarness } from '@openstack-cpi/cpi-core/testing'
import { made } from './cinder-on-fake.ts'
import { type DriverOnFake, openDriverOnFake } from './driver-on-fake.ts'
import { idOf, leftBehind, post, read, serverOf, vmDefaults } from './vm-on-fake.ts'

const forbidden = { respond: { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } } }

/** What each call asks of the cloud when it matters, for a fault. */
const decisiveRequests = {
  delete_vm: { match: { service: 'compute', operation: 'servers.delete' }, do: forbidden },
  has_vm: { match: { service: 'compute', operation: 'servers.show' }, do: forbidden },
  has_disk: { match: { service: 'block-storage', operation: 'volumes.show' }, do: forbidden },
  create_disk: { match: { transition: 'volumes.create.available' }, do: { state: { to: 'error' } } },
  delete_disk: { match: { service: 'block-storage', operation: 'volumes.delete' }, do: forbidden },
  attach_disk: { match: { service: 'compute', operation: 'volume-attachments.create' }, do: forbidden },
  create_vm: {
    match: { transition: 'servers.build.active' },
    do: { state: { to: 'ERROR', message: 'No valid host was found.' } },
  },
} as const

/** Looks into the cloud, not through the driver. */
function probesOf(driver: DriverOnFake): ContractProbes {
  const record = (kind: 'servers' | 'volumes', id: string): Readonly<Record<string, unknown>> => {
    const found = made(driver, kind).find((one) => one['id'] === id)
    if (found === undefined) throw new Error(`the cloud has no ${id} among its ${kind}`)
    return found
  }
  const metadataOf = (kind: 'servers' | 'volumes', id: string) => record(kind, id)['metadata'] as JsonObject
  return {
    agentSettings: (vm) =>
      JSON.parse(Buffer.from(String(record('servers', vm)['user_data']), 'base64').toString('utf8')),
    guestDisks: async (vm) => {
      const { volumeAttachments } = await read(driver, `compute/v2.1/servers/${vm}/os-volume_attachments`)
      return (volumeAttachments as readonly { readonly volumeId: string }[]).map(({ volumeId }) => volumeId)
    },
    vmMetadata: (vm) => metadataOf('servers', vm),
    diskMetadata: (disk) => metadataOf('volumes', disk),
    diskSizeMiB: (disk) => Number(record('volumes', disk)['size']) * 1024,
    isRunning: async (vm) => (await serverOf(driver, vmCid(vm)))['status'] === 'ACTIVE',
    crashVm: async (vm) => {
      await post(driver, `compute/v2.1/servers/${vm}/action`, { 'os-stop': null })
      driver.cloud.clock.advance('1m')
    },
    failNext: (call) => {
      driver.cloud.faults.add(decisiveRequests[call])
      return true
    },
  }
}

/** The driver on a fake cloud of its own, with every probe. */
export async function openStackContractHarness(imagePath: string): Promise<CpiContractHarness> {
  const severalNetworks = { use_dhcp: false, config_drive: 'disk' }
  const driver = await openDriverOnFake({ openstack: { ...vmDefaults, ...severalNetworks } })
  const idOfNetwork = (name: string): string => idOf(driver, 'networks', name)
  const address = { netmask: '255.255.252.0', gateway: '10.10.0.1', prefix: 32 }
  const manual = { type: 'manual', ...address, dns: ['8.8.8.8'], default: ['dns', 'gateway'] }
  let host = 1
  return {
    // Each call logs in anew; what the suite's context brings is the driver's configuration.
    createCpi: ({ signal }) => driver.call({ signal }),
    stemcell: { imagePath, cloudProperties: { name: 'noble', version: '1.2', disk_format: 'raw' } },
    // A director gives no address twice.
    get vm() {
      host += 1
      return {
        cloudProperties: { instance_type: 'm1.tiny' },
        networks: {
          z: { ...manual, ip: `10.10.1.${host}`, cloud_properties: { net_id: idOfNetwork('bosh-net') } },
          a: { type: 'dynamic', cloud_properties: { net_id: idOfNetwork('bosh-net-2') } },
        },
        env: { bosh: { group: 'cf-router' } },
      }
    },
    disk: { sizeMiB: 2048, cloudProperties: {} },
    missingCid: '11111111-1111-4111-8111-111111111111',
    refusedVmCloudProperties: { instance_type: 'm1.missing' },
    network: { type: 'manual', range: '10.77.0.0/24', gateway: '10.77.0.1', cloud_properties: {} },
    probes: probesOf(driver),
    leftovers: () => Object.keys(leftBehind(driver)),
    close: () => driver.cloud.close(),
  }
}
