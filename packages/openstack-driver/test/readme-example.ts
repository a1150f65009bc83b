import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { createLogger, createSecrets, systemWaitClock } from '@openstack-cpi/cpi-core'
import { createOpenStackCpi } from '@openstack-cpi/openstack-driver'

const { OS_AUTH_URL = '', OS_USERNAME = '', OS_PASSWORD = '', OS_PROJECT_NAME = '' } = process.env
const secrets = createSecrets()
const log = createLogger({
  sink: (line) => process.stderr.write(`${line}\n`),
  clock: { now: () => new Date(), monotonicMs: () => performance.now() },
  pid: process.pid,
  secrets,
  level: 'warn',
})

const cpi = createOpenStackCpi({
  cloudProperties: {
    openstack: {
      auth_url: OS_AUTH_URL,
      username: OS_USERNAME,
      api_key: OS_PASSWORD,
      project: OS_PROJECT_NAME,
      domain: 'Default',
    },
  },
  call: {
    method: 'create_disk',
    apiVersion: 3,
    directorUuid: 'd0e5',
    configOverrides: {}, // what a CPI config brings
    signal: new AbortController().signal, // abort it on SIGTERM
    log,
    secrets,
  },
  clock: { nowMs: () => Date.now(), ...systemWaitClock },
  random: { uuid: () => randomUUID(), fraction: () => Math.random() },
  tmpDir: tmpdir(),
  environment: process.env, // proxies
  userAgent: 'my-cpi/1.0',
})

const disk = await cpi.createDisk({ sizeMiB: 1024, cloudProperties: {} })
process.stdout.write(`${await cpi.hasDisk(disk)}\n`) // true
await cpi.deleteDisk(disk)
