import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription, Tenant } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { openCloud } from '@openstack-cpi/harness/fake-process'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { leftoverKeys, runLeftovers } from '../src/cpi-process.ts'
import { directorUuid } from '../src/cpi-request.ts'
import { randomFractions } from '../src/sample.ts'
import { resetStuck } from '../src/storm/cloud-operator.ts'
import { CrashingDirector } from '../src/storm/director.ts'
import { runOutages } from '../src/storm/outages.ts'
import { createSecondDirector } from '../src/storm/second-director.ts'
import { runLifeCycle } from '../src/storm/worker.ts'

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
  const environment = {
    OPENSTACK_CPI_CACHE_DIR: join(folder, 'logins'),
    OPENSTACK_CPI_RECORDS_DIR: join(folder, 'records'),
  }
  const random = randomFractions(sample.seed + firstRequest)
  const director = new CrashingDirector({ configFile, environment, random, firstRequest })
  return { tenant, view, director, configFile, environment, before: await view.inventory() }
}

test(`contract §2 a storm of ${workers.bosh + workers['bosh-small']} processes leaves nothing that leftovers does not list (seed ${sample.seed})`, async () => {
  const openstack = { state_timeout: 300, connection_options: { read_timeout: 120 } }
  const bosh = await enter(cloud.user, 100_000, openstack)
  const small = await enter(cloud.small_user, 200_000, {
    ...openstack,
    default_key_name: null,
    default_security_groups: [],
  })
  const secondConfig = await writeCpiConfig(folder, cloud)
  const deleteSecond = await createSecondDirector(cloud, secondConfig, join(folder, 'second-logins'))
  const ofSecond = beyond(bosh.before, await bosh.view.inventory())

  const isOver = new AbortController()
  const vmArguments = (n: number, networks: string | object) =>
    createVmArguments(cloud, { agent: `agent-${n}`, networks })
  const inBosh = (n: number) =>
    runLifeCycle(bosh.director, (attempt) => vmArguments(n, `10.10.2.${10 + n * 5 + attempt}`))
  const dynamic = { default: { type: 'dynamic', cloud_properties: { net_id: cloud.small_user.network_id } } }
  const inSmall = (n: number) => runLifeCycle(small.director, () => vmArguments(n, dynamic))
  const lifeCycles = Promise.all([
    ...Array.from({ length: workers.bosh }, (_, n) => inBosh(n)),
    ...Array.from({ length: workers['bosh-small'] }, (_, n) => inSmall(n)),
  ]).finally(() => isOver.abort())
  const [down] = await Promise.all([runOutages(cloud, isOver.signal), lifeCycles])

  const projects = { bosh, 'bosh-small': small }
  for (const [name, { tenant, director, view, before, configFile, environment }] of Object.entries(projects)) {
    const wereReset = await resetStuck(cloud, tenant)
    // A snapshot that a killed call left keeps its disk from being deleted: that has to wait.
    for (const problem of await director.deleteKnown()) expect(problem).toContain('has dependent snapshots')
    const unknown = async () => {
      const now = beyond(before, await view.inventory())
      return now.filter((key) => !director.known.has(key) && !ofSecond.includes(key))
    }
    const left = await unknown()
    const where = ['--config', configFile, '--director', directorUuid, '--older-than', '0s']
    const dryRun = await runLeftovers(where, environment)
    const listed = leftoverKeys([...dryRun.leftovers, ...dryRun.undecided])
    expect(listed, `${name}: what is left and what is listed`).toEqual(left)
    // Only the director knows these, and it deletes them in the end.
    for (const key of leftoverKeys(dryRun.undecided)) director.known.add(key)
    const deletion = await runLeftovers([...where, '--delete'], environment)
    expect(deletion.leftovers.filter(({ problem }) => problem !== undefined)).toEqual([])
    expect(await unknown(), `${name}: what remains`).toEqual([])
    expect(await director.deleteKnown()).toEqual([])
    process.stdout.write(
      `\n${name}: ${dryRun.leftovers.length} leftovers listed and deleted, ` +
        `${dryRun.undecided.length} of calls killed while they responded, ${wereReset.length} reset by the operator\n` +
        `${director.report()}\n`,
    )
  }
  process.stdout.write(`\ndown, one after the other: ${down.join(', ')}\n`)

  expect(beyond(bosh.before, await bosh.view.inventory())).toEqual(ofSecond)
  await deleteSecond()
  expect(await bosh.view.inventory()).toEqual(bosh.before)
  expect(await small.view.inventory()).toEqual(small.before)
})
