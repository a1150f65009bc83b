import { join } from 'node:path'
import { compileRelease, hasRuby, localJobs } from '@openstack-cpi/bosh-release/local-job'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { createExecutableClient, describeCpiContract } from '@openstack-cpi/cpi-core/testing'
import { nameIn } from '@openstack-cpi/harness/cloud-description'
import { cpiConfig, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import { cpiExecutable } from '@openstack-cpi/harness/director'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { beyond } from '@openstack-cpi/harness/tenant'
import { test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const missingCid = '11111111-1111-4111-8111-111111111111'
const minutes = 60_000
/** Minutes on the fake, a quarter of an hour on a real cloud; in `npm test` the suites of driver and CLI run instead. */
const isWanted = process.env['MATRIX'] === 'whole'
if (!isWanted) test.skip('SKIPPED: the contract suite on the release runs with MATRIX=whole only', () => undefined)
const describeContract = isWanted ? describeCpiContract : () => undefined

let jobs: Promise<ReturnType<typeof localJobs>> | undefined

/** The release's `bin/cpi`, which answers `info` itself; the executable where there is no Ruby to render it. */
async function commandOfRelease() {
  const { cloud, folder } = given()
  if (!hasRuby) return { command: [cpiExecutable, await writeCpiConfig(folder, cloud)] }
  const { openstack, agent } = cpiConfig(cloud).cloud.properties
  jobs ??= compileRelease(folder).then((compiled) => localJobs(compiled, join(folder, 'jobs')))
  const { environment, render } = await jobs
  return { command: [join(render('openstack_cpi', { openstack, agent }), 'bin/cpi')], env: environment }
}

describeContract(
  'the release on this cloud',
  async () => {
    const { cloud, view, folder } = given()
    const command = await commandOfRelease()
    const before = await view.inventory()
    const server = async (vm: string) => (await view.server(vm)) ?? {}
    const volume = async (disk: string) => (await view.volume(disk)) ?? {}
    let host = 1
    return {
      createClient: (options) => createExecutableClient({ ...command, ...options }),
      stemcell: { imagePath: await writeStemcellImage(folder), cloudProperties: stemcellCloudProperties },
      // A director gives no address twice.
      get vm() {
        const network = manualNetwork(cloud, 'bosh-net', `10.10.3.${host++}`) as JsonObject
        return { cloudProperties: { instance_type: nameIn(cloud, 'm1.tiny') }, networks: { default: network } }
      },
      disk: { sizeMiB: 1024, cloudProperties: {} },
      missingCid,
      refusedVmCloudProperties: { instance_type: 'no-such-flavor' },
      network: { type: 'manual', range: '10.77.0.0/24', gateway: '10.77.0.1', cloud_properties: {} },
      probes: {
        guestDisks: async (vm) => {
          const path = `servers/${vm}/os-volume_attachments`
          return (await view.list('compute', path, 'volumeAttachments')).map(({ volumeId }) => String(volumeId))
        },
        vmMetadata: async (vm) => (await server(vm))['metadata'] as JsonObject,
        diskMetadata: async (disk) => (await volume(disk))['metadata'] as JsonObject,
        diskSizeMiB: async (disk) => Number((await volume(disk))['size']) * 1024,
        isRunning: async (vm) => (await server(vm))['status'] === 'ACTIVE',
      },
      leftovers: async () => beyond(before, await view.inventory()),
    }
  },
  { timeoutMs: 10 * minutes },
)
