import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeCpiContract } from '@openstack-cpi/cpi-core/testing'
import { afterAll, beforeAll } from 'vitest'
import { openDriverOnFake } from './driver-on-fake.ts'
import { stemcellImage } from './stemcell-archive.ts'
import { idOf, leftBehind } from './vm-on-fake.ts'

const imagePath = join(tmpdir(), `stemcell-${process.pid}-${Date.now()}`)
beforeAll(async () => writeFile(imagePath, await stemcellImage('a disk')))
afterAll(() => rm(imagePath))

describeCpiContract('OpenStack', async () => {
  const driver = await openDriverOnFake({ openstack: { default_key_name: 'bosh', default_security_groups: ['bosh'] } })
  const net_id = idOf(driver, 'networks', 'bosh-net')
  const network = { type: 'manual', netmask: '255.255.0.0', gateway: '10.10.0.1', dns: ['8.8.8.8'] }
  let host = 1
  return {
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
    refusedVmCloudProperties: { instance_type: 'm1.impossible' },
    network: { type: 'manual', range: '10.77.0.0/24', gateway: '10.77.0.1', cloud_properties: {} },
    leftovers: () => Object.keys(leftBehind(driver)),
    close: () => driver.cloud.close(),
  }
})
