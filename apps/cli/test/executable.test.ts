import { setTimeout as delay } from 'node:timers/promises'
import { describeCpiExecutable } from '@openstack-cpi/cpi-core/testing'
import { startCloud } from './cloud-config.ts'
import { executable } from './run-program.ts'

describeCpiExecutable(
  'openstack-cpi',
  async () => {
    const given = await startCloud()
    const { cloud } = given
    return {
      command: [process.execPath, executable],
      config: given.config(
        { default_key_name: 'bosh', default_security_groups: ['bosh'] },
        { mbus: 'nats://nats:nats-pa55word@10.0.0.6:4222' },
      ),
      env: { OPENSTACK_CPI_LOG_LEVEL: 'debug' },
      missingCid: '11111111-1111-4111-8111-111111111111',
      secrets: ['bosh-password', 'nats-pa55word'],
      brokenContext: { auth_url: 'http://127.0.0.1:1/v3', request_retries: 0 },
      disk: { sizeMiB: 1024, cloudProperties: {} },
      vm: {
        stemcell: {
          imagePath: given.file('image', ''),
          cloudProperties: { image_id: cloud.state()['images']?.[0]?.id ?? '' },
        },
        cloudProperties: { instance_type: 'm1.tiny' },
        networks: { a: { type: 'dynamic', cloud_properties: { net_id: given.idOf('networks', 'bosh-net') } } },
      },
      slowCall: {
        method: 'create_disk',
        arguments: [1024, {}],
        // The volume exists, and does not become available during the first polls.
        begun: async () => {
          cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { delay: '4s' } })
          while (Object.keys(cloud.leftovers()['volumes'] ?? {}).length === 0) await delay(20)
        },
      },
      hangingCall: {
        method: 'create_disk',
        arguments: [1024, {}],
        begun: async () => {
          cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { delay: '4s' } })
          const deletion = { service: 'block-storage', operation: 'volumes.delete' } as const
          cloud.faults.add({ match: deletion, do: { delay: '600s' } })
          while (Object.keys(cloud.leftovers()['volumes'] ?? {}).length === 0) await delay(20)
        },
      },
      leftovers: () => Object.entries(cloud.leftovers()).flatMap(([kind, { length }]) => (length > 0 ? [kind] : [])),
      close: given.close,
    }
  },
  { timeoutMs: 120_000 },
)
