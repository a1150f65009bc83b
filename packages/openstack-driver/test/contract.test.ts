import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type ContractProbes, describeCpiContract } from '@openstack-cpi/cpi-core/testing'
import { afterAll, beforeAll } from 'vitest'
import { made } from './cinder-on-fake.ts'
import { type DriverOnFake, openDriverOnFake } from './driver-on-fake.ts'
import { stemcellImage } from './stemcell-archive.ts'
import { idOf, leftBehind, post, read } from './vm-on-fake.ts'

const imagePath = join(tmpdir(), `stemcell-${process.pid}-${Date.now()}`)
beforeAll(async () => writeFile(imagePath, await stemcellImage('a disk')))
afterAll(() => rm(imagePath))

const forbidden = { respond: { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } } }

/** What each call asks of the cloud when it matters, for a fault. */
const decisiveRequests = {
  delete_vm: { match: { service: 'compute', operation: 'servers.delete' }, do: forbidden },
  has_vm: { match: { service: 'compute', operation: 'servers.show' }, do: forbidden },
  has_disk: { match: { service: 'block-storage', operation: 'volumes.show' }, do: forbidden },
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

describeCpiContract('OpenStack', async () => {
  const driver = await openDriverOnFake({ openstack: { default_key_name: 'bosh', default_security_groups: ['bosh'] } })
  const net_id = idOf(driver, 'networks', 'bosh-net')
  const network = { type: 'manual', netmask: '255.255.0.0', gateway: '10.10.0.1', dns: ['8.8.8.8'], prefix: 32 }
  let host = 1
  return {
    // Each call logs in anew; what the suite's context brings is the driver's configuration.
    createCpi: () => driver.call(),
    stemcell: { imagePath, cloudProperties: { name: 'noble', version: '1.2', disk_format: 'raw' } },
    // A director gives no address twice.
    get vm() {
      return {
        cloudProperties: { instance_type: 'm1.tiny' },
        networks: { default: { ...network, ip: `10.10.1.${host++}`, cloud_properties: { net_id } } },
        env: { bosh: { group: 'cf-router' } },
      }
    },
    disk: { sizeMiB: 1024, cloudProperties: {} },
    missingCid: '11111111-1111-4111-8111-111111111111',
    refusedVmCloudProperties: { instance_type: 'm1.missing' },
    network: { type: 'manual', range: '10.77.0.0/24', gateway: '10.77.0.1', cloud_properties: {} },
    probes: probesOf(driver),
    leftovers: () => Object.keys(leftBehind(driver)),
    close: () => driver.cloud.close(),
  }
})
