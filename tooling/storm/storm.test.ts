import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CloudDescription, readCloudDescription, type Tenant } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Bystander } from './src/bystander.ts'
import { CloudOperator } from './src/cloud-operator.ts'
import { DeadlyDirector } from './src/deadly-director.ts'
import { diceOf } from './src/dice.ts'
import { Ledger } from './src/ledger.ts'
import { findLeftovers } from './src/leftovers.ts'
import { outagesOf } from './src/outages.ts'
import { deleteKnown, liveThrough } from './src/worker.ts'

const uuid = '5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f'
const workers = { bosh: 28, 'bosh-small': 4 }
const seed = Number(process.env['STORM_SEED'] ?? '') || 20_261_127

let folder: string
let cloud: CloudDescription
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-storm-'))
  cloud = await readCloudDescription(inject('descriptionFile'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A tenant that the storm goes through, and the director that works in it. */
async function enter(tenant: Tenant, firstRequest: number, openstack: Readonly<Record<string, unknown>>) {
  const configFile = await writeCpiConfig(folder, cloud, { tenant, openstack })
  const view = await TenantView.login(cloud, tenant)
  const director = new DeadlyDirector({
    uuid,
    configFile,
    cacheFolder: join(folder, 'logins'),
    recordsFolder: join(folder, 'unanswered'),
    dice: diceOf(seed + firstRequest),
    kill: 0.25,
    terminate: 0.1,
    latestKillMs: 8_000,
    firstRequest,
  })
  return { tenant, view, director, configFile, ledger: new Ledger(), before: await view.inventory() }
}

test(`contract §2 a storm of ${workers.bosh + workers['bosh-small']} processes leaves nothing that is not listed (seed ${seed})`, async () => {
  const bystander = new Bystander(cloud, await writeCpiConfig(folder, cloud), join(folder, 'bystander'))
  const openstack = { state_timeout: 300, connection_options: { read_timeout: 120 } }
  const bosh = await enter(cloud.user, 100_000, openstack)
  const small = await enter(cloud.small_user, 200_000, {
    ...openstack,
    default_key_name: null,
    default_security_groups: [],
  })
  await bystander.settle()

  const isOver = new AbortController()
  const outages = await outagesOf(cloud)
  const inBosh = (n: number) =>
    liveThrough({
      ...bosh,
      createVm: (attempt) => createVm(n, manual(cloud, `10.10.2.${10 + n * 5 + attempt}`)),
    })
  const inSmall = (n: number) =>
    liveThrough({
      ...small,
      createVm: () => createVm(n, { type: 'dynamic', cloud_properties: { net_id: cloud.small_user.network_id } }),
    })
  const lives = Promise.all([
    ...Array.from({ length: workers.bosh }, (_, n) => inBosh(n)),
    ...Array.from({ length: workers['bosh-small'] }, (_, n) => inSmall(n)),
  ]).finally(() => isOver.abort())
  const [away] = await Promise.all([outages.run(isOver.signal), lives])

  const operator = new CloudOperator(cloud)
  for (const [name, { tenant, director, ledger, view, before, configFile }] of Object.entries({
    bosh,
    'bosh-small': small,
  })) {
    const setBack = await operator.setBackStuck(tenant)
    // A snapshot that a killed call left keeps its disk from being deleted: that has to wait.
    for (const problem of await deleteKnown(director, ledger)) expect(problem).toContain('has dependent snapshots')
    const strangers = async () => {
      const others = new Set([...(name === 'bosh' ? await bystander.owned() : []), ...ledger.owned()])
      return beyond(before, await view.inventory()).filter((key) => !others.has(key))
    }
    const left = await strangers()
    const where = { configFile, director: uuid, recordsFolder: join(folder, 'unanswered') }
    const dryRun = await findLeftovers(where)
    const told = [...dryRun.listed, ...dryRun.undecided].sort()
    expect(told, `${name}: what is left and what is listed`).toEqual(left)
    ledger.adopt(dryRun.undecided) // only the director can tell, and it deletes them in the end
    const deletion = await findLeftovers(where, '--delete')
    expect(deletion.problems).toEqual([])
    const rest = await strangers()
    expect(rest, `${name}: what remains`).toEqual([])
    expect(await deleteKnown(director, ledger)).toEqual([])
    process.stdout.write(
      `\n${name}: ${director.killed.size} calls killed, ${dryRun.listed.length} things left over, listed and deleted, ` +
        `${dryRun.undecided.length} of calls killed while they answered, ${setBack.length} set back by the cloud's operator\n${ledger.table()}\n${ledger.errors().join('\n')}\n`,
    )
  }
  process.stdout.write(`\naway, one after the other: ${away.join(', ')}\n`)

  await bystander.expectUntouched()
  await bystander.leave()
  expect(await bosh.view.inventory()).toEqual(bosh.before)
  expect(await small.view.inventory()).toEqual(small.before)
})

function createVm(n: number, network: unknown): readonly unknown[] {
  return [`agent-${n}`, cloud.image.id, { instance_type: 'm1.tiny' }, { default: network }, [], {}]
}

function manual({ networks }: CloudDescription, ip: string): unknown {
  return { type: 'manual', ip, netmask: '255.255.252.0', cloud_properties: { net_id: networks['bosh-net']?.id } }
}
