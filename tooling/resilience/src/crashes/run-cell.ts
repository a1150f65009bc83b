import type { FinishedProcess, RunningProcess } from '@openstack-cpi/harness/process'
import type { Snapshot } from 'fake-openstack'
import type { CpiRequest } from '../cpi-request.ts'
import type { CrashScenario } from './crash-scenarios.ts'
import { beyond, changedFrom, type Inventory, inventoryOf, shapeBeyond, stateKeyOf } from './inventory.ts'
import { type Folders, responseOf, type Sandbox } from './sandbox.ts'
import type { Moment } from './trap-proxy.ts'

export type KillSignal = 'SIGKILL' | 'SIGTERM'

/** Less than `read_timeout`, which an interrupted call must not wait for. */
const longestRollbackMs = 90_000

/** A call that ran once without being killed, and the state it started from. */
export interface PreparedCrash {
  readonly scenario: CrashScenario
  readonly request: CpiRequest
  readonly start: Snapshot
  readonly before: Inventory
  /** After the call came to its end. */
  readonly after: Inventory
  /** The API requests of the call, in order. */
  readonly requests: readonly string[]
  /** Results after a SIGKILL, by the state of the cloud at that moment: the same state has the same result. */
  readonly known: Map<string, CrashResult>
}

/** One signal at one request of one scenario. */
export interface CrashCell {
  readonly n: number
  readonly moment: Moment
  readonly signal: KillSignal
  /** After SIGKILL the director makes the same call again, and it is killed before this request. From 1. */
  readonly again?: number
}

/** How a cell ended. */
export type CrashOutcome =
  | 'nothing left'
  | 'leftovers deleted'
  | 'rolled back'
  | 'completed despite the signal'
  | 'completed when repeated'
  | 'ended before the request'
  | 'defect'

export interface CrashResult {
  readonly outcome: CrashOutcome
  /** What is wrong; of defects only. */
  readonly problems: readonly string[]
}

/** Runs the call once, from a state that the scenario prepares. */
export async function prepareCrash(
  sandbox: Sandbox,
  scenario: CrashScenario,
  existing: Snapshot,
): Promise<PreparedCrash> {
  await sandbox.restore(existing)
  const request = await scenario.given(sandbox.fixture)
  const before = inventoryOf(sandbox.cloud)
  const start = sandbox.cloud.snapshot()
  sandbox.proxy.arm()
  const { error } = await withFaults(sandbox, scenario, async () =>
    responseOf(await (await sandbox.start(request)).ended),
  )
  if ((error !== null) !== (scenario.refused !== undefined)) {
    throw new Error(`${scenario.name}: ${JSON.stringify(error)}`)
  }
  const requests = [...sandbox.proxy.seen()]
  return { scenario, request, start, before, after: inventoryOf(sandbox.cloud), requests, known: new Map() }
}

/** Runs something while the cloud has the faults of the scenario. */
async function withFaults<R>({ cloud }: Sandbox, scenario: CrashScenario, work: () => Promise<R>): Promise<R> {
  const rules = [...(scenario.initialFaults ?? []), ...(scenario.refused === undefined ? [] : [scenario.refused])]
  const ids = rules.map((rule) => cloud.faults.add(rule))
  try {
    return await work()
  } finally {
    for (const id of ids) cloud.faults.remove(id)
  }
}

/** Kills the call at one request, and runs what operators and the director do afterwards. */
export async function runCell(sandbox: Sandbox, prepared: PreparedCrash, cell: CrashCell): Promise<CrashResult> {
  const { request, scenario, start } = prepared
  await sandbox.restore(start)
  const stop = (place: CrashCell) => withFaults(sandbox, scenario, () => interrupt(sandbox, request, place))
  const first = await stop(cell)
  const isAgain = first !== undefined && cell.again !== undefined
  const ended = isAgain ? await stop({ ...cell, n: cell.again, moment: 'before' }) : first
  if (ended === undefined) return { outcome: 'ended before the request', problems: [] }
  const now = inventoryOf(sandbox.cloud)
  const isCreation = scenario.purpose === 'create'
  if (cell.signal === 'SIGTERM') {
    const { error } = responseOf(ended)
    if (error === null) return scenario.refused ? wrong(['it succeeded']) : finished(prepared, now)
    return isCreation ? rolledBack(prepared, now) : repeated(sandbox, prepared, [])
  }
  if (ended.stdout !== '') return wrong([`it responded although it was killed: ${ended.stdout}`])
  const stateKey = `${isLast(prepared, cell)} ${stateKeyOf(sandbox.cloud)}`
  const seen = prepared.known.get(stateKey)
  if (seen !== undefined) return seen
  const result = await (isCreation ? afterKill(sandbox, prepared, now) : afterKilledChange(sandbox, prepared))
  prepared.known.set(stateKey, result)
  return result
}

/** Runs the call with folders that it cannot use: it ends as usual, and says so in its log. */
export async function runWithoutFolders(
  sandbox: Sandbox,
  prepared: PreparedCrash,
  folders: Exclude<Folders, 'writable'>,
): Promise<CrashResult> {
  const { request, scenario, start } = prepared
  await sandbox.restore(start)
  const ended = await withFaults(
    sandbox,
    scenario,
    async () => (await sandbox.start(request, undefined, folders)).ended,
  )
  const { error } = responseOf(ended)
  const now = inventoryOf(sandbox.cloud)
  if (!/WARN.*(login|record)/i.test(ended.stderr)) return wrong([`no warning: ${ended.stderr}`])
  if ((error !== null) !== (scenario.refused !== undefined)) return wrong([JSON.stringify(error)])
  return error === null ? finished(prepared, now) : rolledBack(prepared, now)
}

/** Sends the signal at one request of a call. Undefined when the call ends before it makes that request. */
async function interrupt(
  sandbox: Sandbox,
  request: CpiRequest,
  { n, moment, signal }: CrashCell,
): Promise<FinishedProcess | undefined> {
  let isReached = false
  const running = await sandbox.start(request)
  sandbox.proxy.arm({
    n,
    moment,
    spring: async () => {
      isReached = true
      running.child.kill(signal)
      if (signal === 'SIGTERM') {
        endWithinLimit(running)
        return 'there'
      }
      await running.ended
      return 'gone'
    },
  })
  const ended = await running.ended
  await sandbox.proxy.idle()
  sandbox.proxy.arm()
  return isReached ? ended : undefined
}

/** A call that does not end on SIGTERM is killed, and has no response then. */
function endWithinLimit({ child, ended }: RunningProcess): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRollbackMs)
  void ended.finally(() => clearTimeout(timer))
}

/** Has the last request taken effect? */
function isLast({ requests }: PreparedCrash, { n, moment, again }: CrashCell): boolean {
  return n === requests.length && moment === 'after' && again === undefined
}

function finished({ before, after, scenario }: PreparedCrash, now: Inventory): CrashResult {
  return classify('completed despite the signal', differences({ before, after, scenario }, now))
}

function rolledBack({ before }: PreparedCrash, now: Inventory): CrashResult {
  return classify('rolled back', [...beyond(before, now).map((key) => `left: ${key}`), ...changedFrom(before, now)])
}

/** Of a creation: what is left is listed, all of it and nothing else, and can be deleted. */
async function afterKill(sandbox: Sandbox, prepared: PreparedCrash, now: Inventory): Promise<CrashResult> {
  const { before } = prepared
  const left = beyond(before, now)
  const lost = [...before.keys()].filter((key) => !now.has(key))
  if (lost.length > 0) return wrong(lost.map((key) => `lost: ${key}`))
  const dryRun = await sandbox.leftovers()
  const problems = [
    ...difference(left, listed(dryRun.leftovers), 'left, but not listed'),
    ...difference(listed(dryRun.leftovers), left, 'listed, but not left by this call'),
    ...(dryRun.exitCode === (left.length === 0 ? 0 : 1) ? [] : [`leftovers ended with ${dryRun.exitCode}`]),
    ...beyond(now, inventoryOf(sandbox.cloud)),
    ...changedFrom(now, inventoryOf(sandbox.cloud)),
  ]
  if (left.length === 0) return classify('nothing left', problems)
  const deletion = await sandbox.leftovers('--delete')
  if (deletion.exitCode !== 0) problems.push(`leftovers --delete ended with ${deletion.exitCode}`)
  for (const { kind, id, problem } of deletion.leftovers)
    if (problem !== undefined) problems.push(`${kind} ${id}: ${problem}`)
  const cleaned = inventoryOf(sandbox.cloud)
  problems.push(...beyond(before, cleaned).map((key) => `not deleted: ${key}`), ...changedFrom(before, cleaned))
  problems.push(...(await repetition(sandbox, prepared)))
  return classify('leftovers deleted', problems)
}

/** Of a deletion or change: nothing that the director still knows is listed, and a repetition completes it. */
async function afterKilledChange(sandbox: Sandbox, prepared: PreparedCrash): Promise<CrashResult> {
  const { before, after } = prepared
  const keys = listed((await sandbox.leftovers()).leftovers)
  // Of a VM that is being removed the ports and its group may be listed, once its server is gone; nothing else.
  const goesWithServer = (key: string) => /^(port|server group) /.test(key) && before.has(key) && !after.has(key)
  const known = keys.filter((key) => !goesWithServer(key))
  return repeated(
    sandbox,
    prepared,
    known.map((key) => `listed, but the director knows it: ${key}`),
  )
}

async function repeated(sandbox: Sandbox, prepared: PreparedCrash, problems: readonly string[]): Promise<CrashResult> {
  return classify('completed when repeated', [...problems, ...(await repetition(sandbox, prepared))])
}

/** The director makes the same call again: the state must be as after a call that was not killed. */
async function repetition(sandbox: Sandbox, prepared: PreparedCrash): Promise<string[]> {
  try {
    const { method, arguments: args, openstack } = prepared.request
    await sandbox.fixture.call(method, args, openstack === undefined ? {} : { openstack })
  } catch (error) {
    return [`the repeated call failed: ${String(error).slice(0, 2000)}`]
  }
  if (prepared.scenario.refused) return [] // it succeeds now, and never did before
  return differences(prepared, inventoryOf(sandbox.cloud)).map((text) => `after the repeated call: ${text}`)
}

/** Differences to the state after a call that was not killed; ids of new resources may differ. */
function differences(
  { before, after, scenario }: Pick<PreparedCrash, 'before' | 'after' | 'scenario'>,
  now: Inventory,
): string[] {
  if (scenario.purpose !== 'create') return [...changedFrom(after, now), ...beyond(after, now)]
  const [expected, seen] = [shapeBeyond(before, after), shapeBeyond(before, now)]
  const known = new Map([...after].filter(([key]) => before.has(key)))
  return [...changedFrom(known, now), ...(expected === seen ? [] : [`made ${seen}, not ${expected}`])]
}

function listed(leftovers: readonly { readonly kind: string; readonly id: string }[]): string[] {
  return leftovers.map(({ kind, id }) => `${kind} ${id}`).sort()
}

function difference(one: readonly string[], other: readonly string[], what: string): string[] {
  return one.filter((key) => !other.includes(key)).map((key) => `${what}: ${key}`)
}

function classify(outcome: CrashOutcome, problems: readonly string[]): CrashResult {
  return problems.length === 0 ? { outcome, problems } : wrong(problems)
}

function wrong(problems: readonly string[]): CrashResult {
  return { outcome: 'defect', problems }
}
