import type { Snapshot } from 'fake-openstack'
import { beyond, changedFrom, type Inventory, inventoryOf, pictureOf, shapeBeyond } from './inventory.ts'
import { answerOf, type Call, type Lane } from './lane.ts'
import type { Moment } from './trap-proxy.ts'
import type { Variant } from './variants.ts'

export type KillSignal = 'SIGKILL' | 'SIGTERM'

/** A call that was run once without a disturbance, and where it started from. */
export interface Rehearsal {
  readonly variant: Variant
  readonly call: Call
  readonly start: Snapshot
  readonly before: Inventory
  /** After the call came to its end. */
  readonly after: Inventory
  /** The API requests of the call, in order. */
  readonly requests: readonly string[]
  /** What came after a SIGKILL, by the picture of the cloud at that moment: the same picture has the same sequel. */
  readonly sequels: Map<string, CellResult>
}

export interface Cell {
  readonly n: number
  readonly moment: Moment
  readonly signal: KillSignal
}

export const outcomes = [
  'nothing left',
  'left over, listed and deleted',
  'rolled back',
  'finished in spite of the signal',
  'repeated to its end',
  'ended before the request',
  'WRONG',
] as const
export type Outcome = (typeof outcomes)[number]

/** What became of a cell; `problems` says what is wrong with it. */
export interface CellResult {
  readonly outcome: Outcome
  readonly problems: readonly string[]
}

/** Runs the call once, from a start that `prepare` made. */
export async function rehearse(lane: Lane, variant: Variant, planted: Snapshot): Promise<Rehearsal> {
  await lane.restore(planted)
  const call = await variant.prepare(lane)
  const before = inventoryOf(lane.cloud)
  const start = lane.cloud.snapshot()
  lane.proxy.arm()
  const { error } = await withWeather(lane, variant, async () =>
    answerOf(await (await lane.start(call, variant)).ended),
  )
  if ((error !== null) !== (variant.refused !== undefined))
    throw new Error(`${variant.title}: ${JSON.stringify(error)}`)
  const requests = [...lane.proxy.seen()]
  return { variant, call, start, before, after: inventoryOf(lane.cloud), requests, sequels: new Map() }
}

/** Runs something while the cloud refuses what the variant says. */
async function withWeather<R>({ cloud }: Lane, { refused }: Variant, work: () => Promise<R>): Promise<R> {
  const id = refused === undefined ? undefined : cloud.faults.add(refused)
  try {
    return await work()
  } finally {
    if (id !== undefined) cloud.faults.remove(id)
  }
}

/** Kills the call at one request, and plays what operators and the director do afterwards. */
export async function runCell(lane: Lane, rehearsal: Rehearsal, cell: Cell): Promise<CellResult> {
  const { call, variant, start } = rehearsal
  await lane.restore(start)
  let isSprung = false
  const ended = await withWeather(lane, variant, async () => {
    const running = await lane.start(call, variant)
    lane.proxy.arm({
      n: cell.n,
      moment: cell.moment,
      spring: async () => {
        isSprung = true
        running.child.kill(cell.signal)
        if (cell.signal === 'SIGTERM') return 'there'
        await running.ended
        return 'gone'
      },
    })
    const end = await running.ended
    await lane.proxy.idle()
    return end
  })
  lane.proxy.arm()
  if (!isSprung) return { outcome: 'ended before the request', problems: [] }
  const now = inventoryOf(lane.cloud)
  const { effect } = variant
  if (cell.signal === 'SIGTERM') {
    const { error } = answerOf(ended)
    if (error === null) return variant.refused ? wrong(['it went well']) : finished(rehearsal, now)
    return effect === 'makes' ? rolledBack(rehearsal, now) : repeated(lane, rehearsal, [])
  }
  if (ended.stdout !== '') return wrong([`it answered although it was killed: ${ended.stdout}`])
  const picture = `${isLast(rehearsal, cell)} ${pictureOf(lane.cloud)}`
  const known = rehearsal.sequels.get(picture)
  if (known !== undefined) return known
  const sequel = await (effect === 'makes' ? afterKill(lane, rehearsal, now) : afterKilledChange(lane, rehearsal))
  rehearsal.sequels.set(picture, sequel)
  return sequel
}

/** Has the last request taken effect? */
function isLast({ requests }: Rehearsal, { n, moment }: Cell): boolean {
  return n === requests.length && moment === 'after'
}

function finished({ before, after, variant }: Rehearsal, now: Inventory): CellResult {
  return result('finished in spite of the signal', differences({ before, after, variant }, now))
}

function rolledBack({ before }: Rehearsal, now: Inventory): CellResult {
  return result('rolled back', [...beyond(before, now).map((key) => `left: ${key}`), ...changedFrom(before, now)])
}

/** Of a call that makes something: what is left is listed, all of it and nothing else, and can be deleted. */
async function afterKill(lane: Lane, rehearsal: Rehearsal, now: Inventory): Promise<CellResult> {
  const { before } = rehearsal
  const left = beyond(before, now)
  const lost = [...before.keys()].filter((key) => !now.has(key))
  if (lost.length > 0) return wrong(lost.map((key) => `lost: ${key}`))
  const dryRun = await lane.leftovers()
  const problems = [
    ...difference(left, listed(dryRun.leftovers), 'left, but not listed'),
    ...difference(listed(dryRun.leftovers), left, 'listed, but not left by this call'),
    ...(dryRun.exitCode === (left.length === 0 ? 0 : 1) ? [] : [`leftovers ended with ${dryRun.exitCode}`]),
    ...beyond(now, inventoryOf(lane.cloud)),
    ...changedFrom(now, inventoryOf(lane.cloud)),
  ]
  if (left.length === 0) return result('nothing left', problems)
  const deletion = await lane.leftovers('--delete')
  if (deletion.exitCode !== 0) problems.push(`leftovers --delete ended with ${deletion.exitCode}`)
  for (const { kind, id, problem } of deletion.leftovers)
    if (problem !== undefined) problems.push(`${kind} ${id}: ${problem}`)
  const cleaned = inventoryOf(lane.cloud)
  problems.push(...beyond(before, cleaned).map((key) => `not deleted: ${key}`), ...changedFrom(before, cleaned))
  problems.push(...(await repetition(lane, rehearsal)))
  return result('left over, listed and deleted', problems)
}

/** Of a call that removes or changes: nothing that the director still knows is listed, and a repetition ends it. */
async function afterKilledChange(lane: Lane, rehearsal: Rehearsal): Promise<CellResult> {
  const { before, after } = rehearsal
  const keys = listed((await lane.leftovers()).leftovers)
  // Of a VM that is being removed the ports may be listed, once its server is gone; of nothing else anything.
  const isRemovedPort = (key: string) => key.startsWith('port ') && before.has(key) && !after.has(key)
  const known = keys.filter((key) => !isRemovedPort(key))
  return repeated(
    lane,
    rehearsal,
    known.map((key) => `listed, but the director knows it: ${key}`),
  )
}

async function repeated(lane: Lane, rehearsal: Rehearsal, problems: readonly string[]): Promise<CellResult> {
  return result('repeated to its end', [...problems, ...(await repetition(lane, rehearsal))])
}

/** The director makes the same call again: it must come to the same end as without a disturbance. */
async function repetition(lane: Lane, rehearsal: Rehearsal): Promise<string[]> {
  try {
    await lane.ask(rehearsal.call, rehearsal.variant)
  } catch (error) {
    return [`the repeated call failed: ${String(error).slice(0, 2000)}`]
  }
  if (rehearsal.variant.refused) return [] // it goes well now, and was never seen to
  return differences(rehearsal, inventoryOf(lane.cloud)).map((text) => `after the repeated call: ${text}`)
}

/** In what a state differs from that after an undisturbed call; ids of new things may be others. */
function differences(
  { before, after, variant }: Pick<Rehearsal, 'before' | 'after' | 'variant'>,
  now: Inventory,
): string[] {
  if (variant.effect !== 'makes') return [...changedFrom(after, now), ...beyond(after, now)]
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

function result(outcome: Outcome, problems: readonly string[]): CellResult {
  return problems.length === 0 ? { outcome, problems } : wrong(problems)
}

function wrong(problems: readonly string[]): CellResult {
  return { outcome: 'WRONG', problems }
}
