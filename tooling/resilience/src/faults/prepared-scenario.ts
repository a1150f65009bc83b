import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'
import { type CallOptions, callCpi } from '../cpi-call.ts'
import type { CpiRequest } from '../cpi-request.ts'
import { createFixture, type Fixture } from '../fixture.ts'
import type { Scenario } from '../scenario.ts'
import { type ApiRequest, requestsOf, type Transition, transitionsOf } from './api-request.ts'
import { type CloudState, knownNames, nameless, presentRecords, readCloudState } from './cloud-state.ts'

/** A scenario ready to be run any number of times, with the observations of its clean run. */
export interface PreparedScenario extends AsyncDisposable {
  readonly scenario: Scenario
  readonly cloud: FakeOpenStack
  readonly request: CpiRequest
  /** API requests and transitions of the clean run. */
  readonly requests: readonly ApiRequest[]
  readonly transitions: readonly Transition[]
  /** Before, and after the clean run. */
  readonly before: CloudState
  readonly after: CloudState
  /** The clean run's result, with the names of what is new left out. */
  readonly result: string
  /** Ids and hardware addresses of what is there before. */
  readonly known: ReadonlySet<string>
  /** Ids of the records that stay when all goes well. */
  readonly lasting: ReadonlySet<string>
  /** Of the CPI's user, for what other users do to the cloud. */
  readonly token: string
  /** Back to the moment before the call. */
  reset(): void
  /** Completes everything that is in progress, and reads what exists then. */
  settledState(): CloudState
  /** A result in the form of `result`, for comparison. */
  comparable(result: unknown): string
}

/** More than any lifecycle of the fake takes. */
const settlingTime = '10m'

/** Prepares a scenario and runs it once without faults. */
export async function prepareScenario(scenario: Scenario, options: CallOptions = {}): Promise<PreparedScenario> {
  const cloud = createFakeOpenStack({ startAt: Date.parse('2026-01-01T00:00:00Z'), idSeed: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-faults-'))
  const fixture = createFixture(cloud, await writeStemcellImage(folder), inProcess(cloud))
  const request = await scenario.given(fixture)
  cloud.clock.advance(settlingTime)
  const token = await cloud.token('bosh')
  const goBack = cloud.checkpoint()
  const known = knownNames(cloud)
  const reset = (): void => {
    cloud.faults.remove()
    cloud.journal.clear()
    goBack()
    for (const rule of scenario.initialFaults ?? []) cloud.faults.add(rule)
  }
  const settledState = (): CloudState => {
    cloud.clock.advance(settlingTime)
    return readCloudState(cloud, known)
  }
  const comparable = (result: unknown): string => nameless(JSON.stringify(result), known)

  reset()
  const before = settledState()
  const idsBefore = idsOf(cloud)
  reset()
  // The driver loads its methods when they are called first; a clean run before the clean run keeps that out of it.
  await callCpi(cloud, request, options)
  reset()
  const { result: end, transitions } = await transitionsOf(cloud, () => callCpi(cloud, request, options))
  if (end.is !== 'responded' || end.response.error !== null) {
    throw new Error(`${scenario.name}: the clean run failed: ${JSON.stringify(end, undefined, 1)}`)
  }
  const requests = requestsOf(cloud.journal.since())
  const after = settledState()
  const idsAfter = idsOf(cloud)
  const lasting = new Set([...idsBefore].filter((id) => idsAfter.has(id)))
  return {
    scenario,
    cloud,
    request,
    known,
    lasting,
    token,
    requests,
    transitions,
    before,
    after,
    result: comparable(end.response.result),
    reset,
    settledState,
    comparable,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** Calls of a fixture, each with names of its own. */
function inProcess(cloud: FakeOpenStack): Fixture['call'] {
  let calls = 0
  return async (method, args, { openstack } = {}) => {
    calls += 1
    const request = { method, arguments: args, ...(openstack === undefined ? {} : { openstack }) }
    const end = await callCpi(cloud, request, { series: calls })
    if (end.is !== 'responded' || end.response.error !== null) {
      throw new Error(`fixture: ${method} failed: ${JSON.stringify(end, undefined, 1)}`)
    }
    return end.response.result
  }
}

const idsOf = (cloud: FakeOpenStack): Set<string> =>
  new Set(presentRecords(cloud).flatMap(([, records]) => records.map(({ id }) => id)))
