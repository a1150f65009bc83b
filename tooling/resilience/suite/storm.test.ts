import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription, Tenant } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { openCloud } from '@openstack-cpi/harness/fake-process'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { builtExecutable, runLeftovers } from '../src/cpi-process.ts'
import { directorUuid } from '../src/cpi-request.ts'
import { randomFractions } from '../src/sample.ts'
import { CloudOperator } from '../src/storm/cloud-operator.ts'
import { CrashingDirector } from '../src/storm/crashing-director.ts'
import { ExpectedState, inventoryKeys } from '../src/storm/expected-state.ts'
import { outagesOf } from '../src/storm/outages.ts'
import { createSecondDirector } from '../src/storm/second-director.ts'
import { deleteKnown, runLifeCycle } from '../src/storm/worker.ts'

const sample = inject('sample')
const workers = sample.share === 1 ? { bosh: 28, 'bosh-small': 4 } : { bosh: 4, 'bosh-small': 2 }

let folder: string
let cloud: CloudDescription
let stop: () => Promise<void>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-storm-'))
  ;({ description: cloud, stop } = await openCloud(folder))
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

/** A project that the storm runs in, and the director that works in it. */
async function enter(tenant: Tenant, firstRequest: number, openstack: Readonly<Record<string, unknown>>) {
  const configFile = await writeCpiConfig(folder, cloud, { tenant, openstack })
  const view = await TenantView.login(cloud, tenant)
  const director = new CrashingDirector({
    uuid: directorUuid,
    configFile,
    cacheFolder: join(folder, 'logins'),
    recordsFolder: join(folder, 'records'),
    random: randomFractions(sample.seed + firstRequest),
    kill: 0.25,
    terminate: 0.1,
    latestKillMs: 8_000,
    firstRequest,
  })
  return { tenant, view, director, configFile, expected: new ExpectedState(), before: await view.inventory() }
}

test(`contract §2 a storm of ${workers.bosh + workers['bosh-small']} processes leaves nothing that leftovers does not list (seed ${sample.seed})`, async () => {
  const openstack = { state_timeout: 300, connection_options: { read_timeout: 120 } }
  const bosh = await enter(cloud.user, 100_000, openstack)
  const small = await enter(cloud.small_user, 200_000, {
    ...openstack,
    default_key_name: null,
    default_security_groups: [],
  })
  const second = await createSecondDirector(cloud, await writeCpiConfig(folder, cloud), join(folder, 'second-logins'))
  const untouched = await second.state()

  const isOver = new AbortController()
  const outages = await outagesOf(cloud)
  const vmArguments = (n: number, networks: string | object) =>
    createVmArguments(cloud, { agent: `agent-${n}`, networks })
  const inBosh = (n: number) =>
    runLifeCycle({
      ...bosh,
      createVm: (attempt) => vmArguments(n, `10.10.2.${10 + n * 5 + attempt}`),
    })
  const inSmall = (n: number) =>
    runLifeCycle({
      ...small,
      createVm: () =>
        vmArguments(n, { default: { type: 'dynamic', cloud_properties: { net_id: cloud.small_user.network_id } } }),
    })
  const lifeCycles = Promise.all([
    ...Array.from({ length: workers.bosh }, (_, n) => inBosh(n)),
    ...Array.from({ length: workers['bosh-small'] }, (_, n) => inSmall(n)),
  ]).finally(() => isOver.abort())
  const [down] = await Promise.all([outages.run(isOver.signal), lifeCycles])

  const operator = new CloudOperator(cloud)
  for (const [name, { tenant, director, expected, view, before, configFile }] of Object.entries({
    bosh,
    'bosh-small': small,
  })) {
    const wereReset = await operator.resetStuck(tenant)
    // A snapshot that a killed call left keeps its disk from being deleted: that has to wait.
    for (const problem of await deleteKnown(director, expected)) expect(problem).toContain('has dependent snapshots')
    const unknown = async () => {
      const known = new Set([...(name === 'bosh' ? second.owned : []), ...expected.owned()])
      return beyond(before, await view.inventory()).filter((key) => !known.has(key))
    }
    const left = await unknown()
    const where = ['--config', configFile, '--director', directorUuid, '--older-than', '0s']
    const environment = { OPENSTACK_CPI_RECORDS_DIR: join(folder, 'records') }
    const dryRun = await runLeftovers(builtExecutable, where, environment)
    const listed = inventoryKeys([...dryRun.leftovers, ...dryRun.undecided])
    expect(listed, `${name}: what is left and what is listed`).toEqual(left)
    expected.adopt(inventoryKeys(dryRun.undecided)) // only the director knows, and it deletes them in the end
    const deletion = await runLeftovers(builtExecutable, [...where, '--delete'], environment)
    expect(deletion.leftovers.filter(({ problem }) => problem !== undefined)).toEqual([])
    expect(await unknown(), `${name}: what remains`).toEqual([])
    expect(await deleteKnown(director, expected)).toEqual([])
    process.stdout.write(
      `\n${name}: ${director.killed.size} calls killed, ${dryRun.leftovers.length} leftovers listed and deleted, ` +
        `${dryRun.undecided.length} of calls killed while they responded, ${wereReset.length} reset by the operator\n` +
        `${expected.table()}\n${expected.errors().join('\n')}\n`,
    )
  }
  process.stdout.write(`\ndown, one after the other: ${down.join(', ')}\n`)

  expect(await second.state()).toEqual(untouched)
  await second.deleteResources()
  expect(await bosh.view.inventory()).toEqual(bosh.before)
  expect(await small.view.inventory()).toEqual(small.before)
})
