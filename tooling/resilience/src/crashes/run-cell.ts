import type { FinishedProcess, RunningProcess } from '@openstack-cpi/harness/process'
import { leftoverKeys } from '../cpi-process.ts'
import type { CpiRequest } from '../cpi-request.ts'
import { differences, presentRecords, stateKeyOf } from '../faults/cloud-state.ts'
import type { PreparedScenario } from '../faults/prepared-scenario.ts'
import type { Ended } from '../outcomes.ts'
import { type Folders, responseOf, type Sandbox } from './sandbox.ts'
import type { Moment } from './trap-listener.ts'

export type KillSignal = 'SIGKILL' | 'SIGTERM'

/** Less than `read_timeout`, which an interrupted call must not wait for. */
const longestRollbackMs = 90_000

/** One signal at one request of one scenario. */
export interface CrashCell {
  /** Number of the request, from 1. */
  readonly n: number
  readonly moment: Moment
  readonly signal: KillSignal
  /** After SIGKILL the director makes the same call again, and it is killed before this request. From 1. */
  readonly again?: number
}

/** A scenario whose call is killed in a sandbox. */
export interface CrashRun {
  readonly sandbox: Sandbox
  readonly prepared: PreparedScenario
  /** Results after a SIGKILL, by the state of the cloud at that moment: the same state has the same result. */
  readonly known: Map<string, Ended>
}

/** Kills the call at one request, and runs what operators and the director do afterwards. */
export async function runCell(run: CrashRun, cell: CrashCell): Promise<Ended> {
  const { sandbox, prepared } = run
  const { cloud, request, requests, scenario } = prepared
  prepared.reset()
  const first = await interrupt(sandbox, request, cell)
  prepared.renewFaults()
  const isAgain = first !== undefined && cell.again !== undefined
  const ended = isAgain ? await interrupt(sandbox, request, { ...cell, n: cell.again, moment: 'before' }) : first
  cloud.faults.remove()
  if (ended === undefined) return { outcome: 'ended before the request', details: [] }
  const isCreation = scenario.purpose === 'create'
  if (cell.signal === 'SIGTERM') {
    if (responseOf(ended).error !== null) return isCreation ? rolledBack(run) : repeated(run)
    return scenario.isRefused ? classify('defect', ['it succeeded']) : finished(run)
  }
  if (ended.stdout !== '') return classify('defect', [`it responded although it was killed: ${ended.stdout}`])
  prepared.settledState()
  const isComplete = cell.n === requests.length && cell.moment === 'after' && cell.again === undefined
  const key = `${isComplete} ${stateKeyOf(cloud)}`
  const result = run.known.get(key) ?? (await (isCreation ? afterKill(run) : afterKilledChange(run)))
  run.known.set(key, result)
  return result
}

/** Runs the call with folders that it cannot use: it ends as usual, and says so in its log. */
export async function runWithoutFolders(run: CrashRun, folders: Exclude<Folders, 'writable'>): Promise<Ended> {
  const { request, scenario, reset } = run.prepared
  reset()
  run.sandbox.listener.arm()
  const ended = await (await run.sandbox.start(request, undefined, folders)).ended
  const { error } = responseOf(ended)
  if (!/WARN.*(login|record)/i.test(ended.stderr)) return classify('defect', [`no warning: ${ended.stderr}`])
  if ((error !== null) !== (scenario.isRefused ?? false)) return classify('defect', [JSON.stringify(error)])
  return error === null ? finished(run) : rolledBack(run)
}

/** Sends the signal at one request of a call. Undefined when the call ends before it makes that request. */
export async function interrupt(
  { listener, start }: Sandbox,
  request: CpiRequest,
  { n, moment, signal }: CrashCell,
  uuid?: string,
): Promise<FinishedProcess | undefined> {
  let isReached = false
  const running = await start(request, uuid)
  listener.arm({
    n,
    moment,
    isFatal: signal === 'SIGKILL',
    spring: async () => {
      isReached = true
      running.child.kill(signal)
      if (signal === 'SIGTERM') endWithinLimit(running)
      else await running.ended
    },
  })
  const ended = await running.ended
  await listener.idle()
  listener.arm()
  return isReached ? ended : undefined
}

/** A call that does not end on SIGTERM is killed, and has no response then. */
function endWithinLimit({ child, ended }: RunningProcess): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), longestRollbackMs)
  void ended.finally(() => clearTimeout(timer))
}

/**
 * Fields that may differ between two calls that succeed: a process chooses one of several zones at random, a dynamic network may
 * give another address, and Nova remembers what went wrong before.
 */
const byChance = ['requested_zone', 'host', 'binding:host_id', 'device_owner', 'fixed_ips', 'fault']

const finished = ({ prepared }: CrashRun): Ended =>
  classify('completed despite the signal', differences(prepared.after, prepared.settledState(), byChance))

const rolledBack = ({ prepared }: CrashRun): Ended =>
  classify('rolled back', differences(prepared.before, prepared.settledState()))

/** Of a creation: what is left is listed, all of it and nothing else, and can be deleted. */
async function afterKill(run: CrashRun): Promise<Ended> {
  const { sandbox, prepared } = run
  const now = prepared.settledState()
  const left = listable(prepared)
  const lost = differences(prepared.before, now).filter((line) => line.startsWith('- '))
  if (lost.length > 0) return classify('defect', lost)
  const { leftovers, exitCode } = await sandbox.leftovers()
  const listed = leftoverKeys(leftovers)
  const problems = [
    ...left.filter((key) => !listed.includes(key)).map((key) => `left, but not listed: ${key}`),
    ...listed.filter((key) => !left.includes(key)).map((key) => `listed, but not left by this call: ${key}`),
    ...(exitCode === (left.length === 0 ? 0 : 1) ? [] : [`leftovers ended with ${exitCode}`]),
    ...differences(now, prepared.settledState()),
  ]
  if (left.length === 0) return classify('nothing left', problems)
  const deletion = await sandbox.leftovers(['--delete'])
  if (deletion.exitCode !== 0) problems.push(`leftovers --delete ended with ${deletion.exitCode}`)
  for (const { kind, id, problem } of deletion.leftovers)
    if (problem !== undefined) problems.push(`${kind} ${id}: ${problem}`)
  problems.push(...differences(prepared.before, prepared.settledState()), ...(await repetition(run)))
  return classify('leftovers deleted', problems)
}

/** Of a deletion or change: nothing that the director still knows is listed, and a repetition completes it. */
async function afterKilledChange(run: CrashRun): Promise<Ended> {
  const { leftovers } = await run.sandbox.leftovers()
  // Of a VM that is being removed the ports and its group may be listed, once its server is gone; nothing else.
  const { known, lasting } = run.prepared
  const goesWithServer = (kind: string, id: string) =>
    (kind === 'port' || kind === 'server group') && known.has(id) && !lasting.has(id)
  const wrong = leftovers.filter(({ kind, id }) => !goesWithServer(kind, id))
  return repeated(
    run,
    wrong.map(({ kind, id }) => `listed, but the director knows it: ${kind} ${id}`),
  )
}

async function repeated(run: CrashRun, problems: readonly string[] = []): Promise<Ended> {
  return classify('completed when repeated', [...problems, ...(await repetition(run))])
}

/** The director makes the same call again: the state must be as after a call that was not killed. */
async function repetition({ sandbox, prepared }: CrashRun): Promise<readonly string[]> {
  const { request, scenario, after } = prepared
  const { error } = await sandbox.run(request, 0)
  if (error !== null) return [`the repeated call failed: ${JSON.stringify(error).slice(0, 2000)}`]
  if (scenario.isRefused) return [] // it succeeds now, and never did before
  const lines = differences(after, prepared.settledState(), byChance)
  return lines.map((text) => `after the repeated call: ${text}`)
}

/** Kinds of resources that `leftovers` may list, as the services call them. */
const kinds = new Set(
  'servers ports volumes snapshots images server_groups floatingips networks subnets members'.split(' '),
)

/** Everything that is in the cloud since the call and that `leftovers` might list, as `kind id`. */
function listable({ cloud, known }: PreparedScenario): readonly string[] {
  return presentRecords(cloud)
    .filter(([kind]) => kinds.has(kind))
    .flatMap(([kind, records]) => {
      const own = records.filter((record) => !String(Reflect.get(record, 'device_owner')).startsWith('network:'))
      return own.filter(({ id }) => !known.has(id)).map(({ id }) => `${kind} ${id}`)
    })
}

const classify = (outcome: string, details: readonly string[]): Ended => ({
  outcome: details.length === 0 ? outcome : 'defect',
  details,
})
