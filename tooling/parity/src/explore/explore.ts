/**
 * Asks the real cloud and the fake what nobody thought of: `npm run parity:explore -- --seed 1 --count 1000 [service…]`.
 * Every request is known by seed, service and number; the report file is appended to, so that an exploration goes on
 * where it was stopped. `OPENSTACK_FIXTURES` names the description file of the real cloud. With `--replay` the fake alone
 * is asked again what the report file has, and compared with the answers that the real cloud gave then; with `--keep`
 * too, the requests whose answers differed at first and do no longer go into the file that `explored.test.ts` replays.
 * With `--keys` no requests are drawn: every query key of every list is asked, with several values.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describedCloud, fakeCloud } from '../cloud-under-test.ts'
import { type Recorded, type Service, services } from '../probe.ts'
import { askBoth, type Clouds } from './ask-both.ts'
import type { Finding } from './causes.ts'
import { type ExploredRequest, keepExplored } from './explored.ts'
import { type Generated, Generator } from './generate.ts'
import { keepKeyTable, keyTable } from './key-table.ts'
import { PreparedCloud } from './prepare.ts'
import { publishedRoutes } from './published.ts'
import { KeyGenerator, listsOf } from './query-keys.ts'
import { report } from './report-findings.ts'
import { shrunk } from './shrink.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    folder: { type: 'string', default: '.explore' },
    only: { type: 'string' },
    replay: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    keys: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
  },
})
const file = process.env['OPENSTACK_FIXTURES']
if (file === undefined && !options.replay)
  throw new Error('OPENSTACK_FIXTURES has to name the description file of the cloud')
/** A route that the fake does not model is asked this often in a run, and then left out. */
const enough = 3
/** Reading requests that are under way in parallel. */
const sideBySide = 4
const wanted = positionals.filter((word): word is Service => (services as readonly string[]).includes(word))
await mkdir(options.folder, { recursive: true })
const stopping = new AbortController()
process.once('SIGINT', () => stopping.abort())
process.once('SIGTERM', () => stopping.abort())

for (const service of wanted.length > 0 ? wanted : services) {
  if (!stopping.signal.aborted) await explore(service)
}

interface Entry {
  readonly number: number
  readonly real: Recorded
  readonly finding?: Finding
}

async function explore(service: Service): Promise<void> {
  const log = join(options.folder, `${service}-${options.keys ? 'keys' : options.seed}.jsonl`)
  const before = await readLog(log)
  const routes = await publishedRoutes(service, options.folder)
  const generator = options.keys
    ? new KeyGenerator(service, listsOf(service, routes))
    : new Generator(service, routes, options.seed)
  const recorded = new Map(before.map((entry) => [entry.number, entry.real]))
  const next = (before.at(-1)?.number ?? -1) + 1
  const only = options.only?.split(',').map(Number)
  const end = generator instanceof KeyGenerator ? generator.count : next + Number(options.count)
  const numbers = only ?? (options.replay ? [...recorded.keys()] : range(next, end))
  const clouds = await preparedOn(service)
  const isNew = !options.replay && only === undefined
  const leavesOut = isNew && !options.keys
  const startedAt = Date.now()
  const found: Finding[] = []
  const kept: ExploredRequest[] = []
  const known = new Set(before.map((entry) => entry.finding?.cause))
  const unmodelled = new Map<string, number>()
  let asked = 0
  try {
    for (const batch of batches(numbers, generator)) {
      if (stopping.signal.aborted) break
      const wanted = batch.filter((number) => !leavesOut || (unmodelled.get(generator.at(number).route) ?? 0) < enough)
      const entries = await Promise.all(
        wanted.map((number) =>
          ask(clouds, number, generator.at(number), options.replay ? recorded.get(number) : undefined, known),
        ),
      )
      asked += entries.length
      for (const { number, real, finding } of entries) {
        if (!finding && wasWrong(before.find((entry) => entry.number === number))) {
          kept.push({ number, real, generated: generator.at(number) })
        }
      }
      for (const { finding } of entries) {
        if (!finding) continue
        found.push(finding)
        known.add(finding.cause)
        if (finding.kind === 'not modelled') {
          unmodelled.set(finding.route, (unmodelled.get(finding.route) ?? 0) + 1)
        }
      }
      if (isNew && entries.length > 0) {
        await appendFile(log, `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`)
      }
    }
  } finally {
    await clouds.real?.remove()
  }
  if (options.keep) await keepExplored(service, kept)
  if (options.keep && options.keys) {
    const answers = [...recorded].map(([number, real]) => ({ generated: generator.at(number), recorded: real }))
    await keepKeyTable(service, keyTable(answers))
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  const last = numbers.at(-1) ?? next
  console.log(`${service}: ${asked} requests in ${seconds} s, seed ${options.seed}, last number ${last}`)
  console.log(report(isNew ? [...before.flatMap(({ finding }) => finding ?? []), ...found] : found))
}

/** Requests that only read go out side by side, a few at a time; all others alone, in order. */
function* batches(numbers: readonly number[], generator: Pick<Generator, 'at'>): IterableIterator<readonly number[]> {
  let reading: number[] = []
  for (const number of numbers) {
    if (['GET', 'HEAD', 'OPTIONS'].includes(generator.at(number).request.method)) {
      reading.push(number)
      if (reading.length < sideBySide) continue
      yield reading
      reading = []
    } else {
      if (reading.length > 0) yield reading
      reading = []
      yield [number]
    }
  }
  if (reading.length > 0) yield reading
}

async function ask(
  clouds: Clouds,
  number: number,
  generated: Generated,
  recorded: Recorded | undefined,
  known: ReadonlySet<string | undefined>,
): Promise<Entry> {
  const { real, finding } = await askBoth(clouds, number, generated, recorded)
  if (!finding) return { number, real }
  const isNewCause = options.shrink && clouds.real !== undefined && !known.has(finding.cause)
  return { number, real, finding: isNewCause ? await shrunk(clouds, number, generated, finding) : finding }
}

async function preparedOn(service: Service): Promise<Clouds> {
  const name = `parity${Math.random().toString(16).slice(2, 10)}`
  const real = options.replay || file === undefined ? undefined : await describedCloud(file)
  return {
    real: real && (await PreparedCloud.prepare(real, service, name)),
    fake: await PreparedCloud.prepare(fakeCloud('zed'), service, name),
  }
}

/** A difference in what the answer is, not only in its headers, and not a gap. */
function wasWrong(entry: Entry | undefined): boolean {
  return entry?.finding !== undefined && !['not modelled', 'other headers'].includes(entry.finding.kind)
}

async function readLog(path: string): Promise<readonly Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Entry) // written above
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
