import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'
import { type ApiRequest, requestsOf, type Transition, transitionsOf } from './api-request.ts'
import { type CloudPicture, drawCloud, knownNames, presentRecords } from './cloud-picture.ts'
import { type CallOptions, type CpiRequest, callCpi } from './cpi-call.ts'
import type { Scenario } from './scenario.ts'
import { openStage } from './stage.ts'

/** A scenario ready to be played any number of times, with what its clean run was like. */
export interface Theatre extends AsyncDisposable {
  readonly scenario: Scenario
  readonly cloud: FakeOpenStack
  readonly request: CpiRequest
  /** API requests and transitions of the clean run. */
  readonly requests: readonly ApiRequest[]
  readonly transitions: readonly Transition[]
  /** Before, and after the clean run. */
  readonly before: CloudPicture
  readonly after: CloudPicture
  /** The clean run's result, with the names of what is new left out. */
  readonly result: string
  /** Ids and hardware addresses of what is there before. */
  readonly known: ReadonlySet<string>
  /** Ids of the records that stay when all goes well. */
  readonly lasting: ReadonlySet<string>
  /** Of the CPI's user, for what others do to the cloud. */
  readonly token: string
  /** Back to the moment before the call. */
  rewind(): void
  /** Lets everything happen that is under way, and draws what is there then. */
  settled(): CloudPicture
  /** Compares results as `result` is written. */
  written(result: unknown): string
}

/** More than any lifecycle of the fake takes. */
const settlingTime = '10m'

/** Prepares a scenario and plays it once without faults. */
export async function openTheatre(scenario: Scenario, options: CallOptions = {}): Promise<Theatre> {
  const cloud = createFakeOpenStack({ startAt: Date.parse('2026-01-01T00:00:00Z'), idSeed: 1 })
  const stage = await openStage(cloud)
  const request = await scenario.given(stage)
  cloud.clock.advance(settlingTime)
  const token = await cloud.token('bosh')
  const start = { content: cloud.store.checkpoint(), clock: cloud.clock.state(), ids: cloud.context.ids.counter }
  const known = knownNames(cloud)
  const rewind = (): void => {
    cloud.faults.remove()
    cloud.journal.clear()
    cloud.store.revert(start.content)
    cloud.clock.restore(start.clock)
    cloud.context.ids.counter = start.ids
    for (const rule of scenario.weather ?? []) cloud.faults.add(rule)
  }
  const settled = (): CloudPicture => {
    cloud.clock.advance(settlingTime)
    return drawCloud(cloud, known)
  }
  const written = (result: unknown): string => nameless(JSON.stringify(result), known)

  rewind()
  const before = settled()
  const idsBefore = idsOf(cloud)
  rewind()
  // The driver loads its methods when they are called first; a clean run before the clean run keeps that out of it.
  await callCpi(cloud, request, options)
  rewind()
  const { result: end, transitions } = await transitionsOf(cloud, () => callCpi(cloud, request, options))
  if (end.is !== 'answered' || end.answer.error !== null) {
    throw new Error(`${scenario.name}: the clean run failed: ${JSON.stringify(end, undefined, 1)}`)
  }
  const requests = requestsOf(cloud.journal.since())
  const after = settled()
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
    result: written(end.answer.result),
    rewind,
    settled,
    written,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

const idsOf = (cloud: FakeOpenStack): Set<string> =>
  new Set(presentRecords(cloud).flatMap(([, records]) => records.map(({ id }) => id)))

/** Ids and hardware addresses that were not there before are different in each run. */
function nameless(text: string, known: ReadonlySet<string>): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => (known.has(id) ? id : '<id>'))
    .replace(/fa:16:3e(:[0-9a-f]{2}){3}/g, (address) => (known.has(address) ? address : '<mac>'))
}
