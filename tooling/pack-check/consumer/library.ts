// What somebody writes who has installed the packages and never seen their source.
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { diskCid } from '@openstack-cpi/cpi-core'
import { createTestCall } from '@openstack-cpi/cpi-core/client'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/in-memory-cpi'
import { type CpiProgram, readConfigFile } from '@openstack-cpi/cpi-core/node'
import { createOpenStackCpi } from '@openstack-cpi/openstack-driver'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'

/** An executable of this consumer would hand it to `runCpi`. */
const program: CpiProgram<ReturnType<typeof readConfigFile>> = {
  name: 'consumer-cpi',
  version: '1',
  info: openStackCpiInfo,
  readConfig: ([path]) => readConfigFile(path),
  createCpi: () => new InMemoryCpi(),
}

const cloud: FakeOpenStack = createFakeOpenStack()
const { authUrl } = await cloud.listen()
const call = createTestCall({ method: 'create_disk', directorUuid: 'consumer' })
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
    formats: program.info.stemcellFormats.length > 0,
    documented: 'auth_url' in propertyDocs,
    inMemory: await new InMemoryCpi().hasDisk(diskCid('no-such-disk')),
  }),
)
