/**
 * Asks the real cloud and the fake what nobody thought of: `npm run parity:explore -- --seed 1 --count 1000 [service…]`.
 * Every request is known by seed, service and number; the report file is appended to, so that an exploration goes on
 * where it was stopped. `OPENSTACK_FIXTURES` names the description file of the real cloud. With `--replay` the fake alone
 * is asked again what the report file has, and compared with the answers that the real cloud gave then; with `--keep`
 * too, the requests whose answers differed at first and do no longer go into the file that `explore.test.ts` replays.
 * With `--keys` no requests are drawn: every query key of every list is asked, with several values.
 */
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describedCloud, fakeCloud } from '../cloud-under-test.ts'
import { type Service, services } from '../probe.ts'
import { askBoth, type Clouds } from './ask-both.ts'
import { type Entry, report } from './findings.ts'
import { type Generated, generatorOf } from './generate.ts'
import { prepareCloud } from './prepare.ts'
import { publishedRoutes } from './published.ts'
import { keyRequests, listKeysOf } from './query-keys.ts'
import { type ExploredRequest, keepExplored, keepListKeys, readLines } from './recorded.ts'
import { shrunk } from './shrink.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    folder: { type: 'string', default: '.explore' },
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

type Numbered = Omit<ExploredRequest, 'real'>

await mkdir(options.folder, { recursive: true })
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort())
const named = services.filter((service) => positionals.includes(service))
for (const service of named.length > 0 ? named : services) {
  if (!stopping.signal.aborted) await explore(service)
}

async function explore(service: Service): Promise<void> {
  const log = join(options.folder, `${service}-${options.keys ? 'keys' : options.seed}.jsonl`)
  const before = new Map(readLines<Entry>(log).map((entry) => [entry.number, entry]))
  const next = Math.max(-1, ...before.keys()) + 1
  const all = await requestsOf(service, next)
  const requests = all.filter(({ number }) => (options.replay ? before.has(number) : number >= next))
  const clouds = await preparedOn(service)
  const startedAt = Date.now()
  const causes = new Set([...before.values()].map(({ finding }) => finding?.cause))
  const found = new Map<number, Entry>()
  const unmodelled: string[] = []
  const isEnough = ({ route }: Generated): boolean =>
    !options.replay && !options.keys && unmodelled.filter((one) => one === route).length >= enough
  try {
    for (const { number, generated } of requests) {
      if (stopping.signal.aborted) break
      if (isEnough(generated)) continue
      const outcome = await askBoth(clouds, generated, options.replay ? before.get(number)?.real : undefined)
      const { finding } = outcome
      const isShrunk = finding && options.shrink && clouds.real && !causes.has(finding.cause)
      const entry = { number, ...outcome, ...(isShrunk && { finding: await shrunk(clouds, generated, finding) }) }
      found.set(number, entry)
      if (finding) causes.add(finding.cause)
      if (finding?.kind === 'not modelled') unmodelled.push(finding.route)
      if (!options.replay) await appendFile(log, `${JSON.stringify(entry)}\n`)
    }
  } finally {
    await clouds.real?.remove()
  }
  const known = new Map([...before, ...found])
  if (options.keep) {
    const answers = all.flatMap((one) => {
      const real = known.get(one.number)?.real
      return real ? [{ ...one, real }] : []
    })
    if (options.keys) keepListKeys(service, listKeysOf(service, answers))
    const isRight = (number: number): boolean => found.has(number) && !found.get(number)?.finding
    keepExplored(answers.filter(({ number }) => isRight(number) && wasWrong(before.get(number))))
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  console.log(`${service}: ${found.size} requests in ${seconds} s, seed ${options.seed}`)
  console.log(report([...(options.replay ? found : known).values()]))
}

/** The requests up to the last one that is asked, by number. */
async function requestsOf(service: Service, next: number): Promise<readonly Numbered[]> {
  if (options.keys) return keyRequests(service).map((generated, number) => ({ number, generated }))
  const generate = generatorOf(service, await publishedRoutes(service, options.folder), options.seed)
  const length = next + Number(options.count)
  return Array.from({ length }, (_, number) => ({ number, generated: generate(number) }))
}

async function preparedOn(service: Service): Promise<Clouds> {
  const name = `parity${Math.random().toString(16).slice(2, 10)}`
  const real = options.replay || file === undefined ? undefined : await describedCloud(file)
  return {
    real: real && (await prepareCloud(real, service, name)),
    fake: await prepareCloud(fakeCloud('zed'), service, name),
  }
}

/** A difference in what the answer is, not only in its headers, and not a gap. */
function wasWrong(entry: Entry | undefined): boolean {
  return entry?.finding !== undefined && !['not modelled', 'other headers'].includes(entry.finding.kind)
}
