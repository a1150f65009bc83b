// What somebody writes who has installed the packages and never seen their source.
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type CpiCall, createLogger, createSecrets, diskCid } from '@openstack-cpi/cpi-core'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/in-memory-cpi'
import { createOpenStackCpi } from '@openstack-cpi/openstack-driver'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'

const cloud: FakeOpenStack = createFakeOpenStack()
const { authUrl } = await cloud.listen()
const secrets = createSecrets()
const clock = { now: () => new Date(), monotonicMs: () => performance.now() }
const call: CpiCall = {
  method: 'create_disk',
  apiVersion: 2,
  directorUuid: 'consumer',
  configOverrides: {},
  signal: new AbortController().signal,
  log: createLogger({ sink: () => undefined, clock, pid: process.pid, secrets, level: 'error' }),
  secrets,
}
const cpi = createOpenStackCpi({
  cloudProperties: {
    openstack: { auth_url: authUrl, username: 'bosh', api_key: 'bosh-password', project: 'bosh', domain: 'Default' },
  },
  call,
  clock: {
    nowMs: () => cloud.clock.now(),
    monotonicMs: () => cloud.clock.now(),
    sleep: async (ms) => {
      cloud.clock.advance(ms)
      await delay(0)
    },
  },
  random: { uuid: () => randomUUID(), fraction: () => 0.5 },
  tmpDir: tmpdir(),
  environment: {},
  userAgent: 'consumer/1',
})
const disk = await cpi.createDisk({ sizeMiB: 1024, cloudProperties: {} })
const isThere = await cpi.hasDisk(disk)
await cpi.deleteDisk(disk)
const isLeft = Object.keys(cloud.leftovers()).length > 0
await cloud.close()
process.stdout.write(
  JSON.stringify({
    isThere,
    isLeft,
    formats: openStackCpiInfo.stemcellFormats.length > 0,
    documented: 'auth_url' in propertyDocs,
    inMemory: await new InMemoryCpi().hasDisk(diskCid('no-such-disk')),
  }),
)
