import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { createFakeOpenStack } from 'fake-openstack'
import { callCpi } from '../cpi-call.ts'
import { createFixture, type Fixture } from '../fixture.ts'
import type { Scenario } from '../scenarios/scenarios.ts'
import { requestsOf, transitionsOf } from './api-request.ts'
import { type CloudState, knownNames, nameless, presentRecords, readCloudState } from './cloud-state.ts'

/** A scenario ready to be run any number of times, with the observations of its clean run. */
export type PreparedScenario = Awaited<ReturnType<typeof prepareScenario>>

/** More than any lifecycle of the fake takes. */
const settlingTime = '10m'

/** Prepares a scenario and runs it once without faults. Default: within this process. */
export async function prepareScenario(scenario: Scenario, given?: Fixture) {
  const fixture = given ?? (await fixtureInProcess())
  const { cloud } = fixture
  const request = await scenario.given(fixture)
  cloud.clock.advance(settlingTime)
  const token = await cloud.token('bosh')
  const goBack = cloud.checkpoint()
  const known = knownNames(cloud)
  /** Gives the cloud the faults of the circumstances, and no others. */
  const renewFaults = (): void => {
    cloud.faults.remove()
    for (const rule of scenario.initialFaults) cloud.faults.add(rule)
  }
  /** Back to the moment before the call. */
  const reset = (): void => {
    fixture.deleteRecords()
    cloud.journal.clear()
    goBack()
    renewFaults()
  }
  /** Completes everything that is in progress, and reads what exists then. */
  const settledState = (): CloudState => {
    cloud.clock.advance(settlingTime)
    return readCloudState(cloud, known)
  }
  /** A result without the names of what is new. */
  const comparable = (result: unknown): string => nameless(JSON.stringify(result), known)
  const ids = (): string[] => presentRecords(cloud).flatMap(([, records]) => records.map(({ id }) => id))

  reset()
  const before = settledState()
  const idsBefore = new Set(ids())
  reset()
  const { result: response, transitions } = await transitionsOf(cloud, () => fixture.run(request, 0))
  if ((response.error !== null) !== (scenario.isRefused ?? false)) {
    throw new Error(`${scenario.name}: the clean run failed: ${JSON.stringify(response, undefined, 1)}`)
  }
  const requests = requestsOf(cloud.journal.since())
  const after = settledState()
  return {
    scenario,
    cloud,
    request,
    /** Of the CPI's user, for what other users do to the cloud. */
    token,
    /** API requests and transitions of the clean run, and its result. */
    requests,
    transitions,
    result: comparable(response.result),
    /** Before, and after the clean run. */
    before,
    after,
    /** Ids and hardware addresses of what is there before. */
    known,
    /** Ids of the records that stay when all goes well. */
    lasting: new Set(ids().filter((id) => idsBefore.has(id))) as ReadonlySet<string>,
    reset,
    renewFaults,
    settledState,
    comparable,
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  }
}

/** Calls run in this process, in the cloud's time. */
async function fixtureInProcess(): Promise<Fixture> {
  const cloud = createFakeOpenStack({ startAt: Date.parse('2026-01-01T00:00:00Z'), idSeed: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-faults-'))
  return createFixture({
    cloud,
    stemcellPath: await writeStemcellImage(folder),
    run: async (request, series) => {
      const end = await callCpi(cloud, request, { series })
      if (end.is !== 'responded') throw new Error(JSON.stringify(end, undefined, 1))
      return end.response
    },
    deleteRecords: () => undefined,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  })
}
