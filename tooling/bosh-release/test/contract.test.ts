import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describeCpiExecutable } from '@openstack-cpi/cpi-core/testing'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import { createFakeOpenStack, type FaultRule } from 'fake-openstack'
import { describe } from 'vitest'
import { hasRuby } from '../local-job.ts'
import { createInstallation } from './installation.ts'

/**
 * The wrapper names the configuration itself. The suite names it too: another file than the job's own becomes a folder of
 * jobs in which there is none.
 */
const launcher = ['/bin/sh', '-c', '[ "$1" = "$CONFIG" ] || BOSH_JOBS_DIR="$BOSH_JOBS_DIR$1"; exec "$0"'] as const

/** The volume exists, and does not become available during the first polls. */
const slowVolume: FaultRule = { match: { transition: 'volumes.create.available' }, do: { delay: '4s' } }
const endlessDeletion: FaultRule = {
  match: { service: 'block-storage', operation: 'volumes.delete' },
  do: { delay: '600s' },
}

describe.skipIf(!hasRuby)('the executable of the release', () => {
  describeCpiExecutable('bin/cpi', async () => {
    const installation = await createInstallation()
    const cloud = createFakeOpenStack({ autoAdvance: '1s' })
    const openstack = fakeLogin((await cloud.listen()).authUrl)
    const job = installation.render('openstack_cpi', { openstack })
    const config = join(job, 'config/cpi.json')
    const volumes = () => Object.keys(cloud.leftovers()['volumes'] ?? {})
    const createDisk = (...faults: readonly FaultRule[]) => ({
      method: 'create_disk',
      arguments: [1024, {}],
      begun: async () => {
        for (const fault of faults) cloud.faults.add(fault)
        while (volumes().length === 0) await delay(20)
      },
    })
    return {
      command: [...launcher, join(job, 'bin/cpi')],
      config,
      env: { ...installation.environment, CONFIG: config },
      missingCid: '11111111-1111-4111-8111-111111111111',
      brokenContext: { auth_url: 'http://127.0.0.1:1/v3', request_retries: 0 },
      disk: { sizeMiB: 1024, cloudProperties: {} },
      slowCall: createDisk(slowVolume),
      hangingCall: createDisk(slowVolume, endlessDeletion),
      leftovers: volumes,
      close: async () => {
        await cloud.close()
        await installation.remove()
      },
    }
  })
})
