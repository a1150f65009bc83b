/**
 * `npm run bench`: every figure as a median of runs taken in turn, ratios within one run. The fake cloud is always
 * measured; the reference cloud where one is up. Options are listed in docs/performance.md.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { benchContenders, type ContenderFigures, ourselves, readPeer } from './contenders.ts'
import { benchFake } from './fake.ts'
import { benchProcessCosts } from './process-costs.ts'
import { benchScale, type ScaleFigures } from './scale.ts'
import type { Figure } from './statistics.ts'
import { report } from './tables.ts'
import { benchUpload } from './upload.ts'
import { withFake } from './usage.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    uploads: { type: 'string', default: '2' },
    runs: { type: 'string', default: '20' },
    peer: { type: 'string', multiple: true, default: [] },
    cloud: { type: 'string', multiple: true, default: ['fake', 'reference'] },
    'stemcell-mib': { type: 'string', default: '1024' },
    processes: { type: 'string', default: '1,8,32,64' },
    'scale-on-reference': { type: 'boolean' },
  },
})
const counts = values.processes.split(',').filter(Boolean).map(Number)
const contenders = [...ourselves, ...values.peer.map(readPeer)]
const note = (text: string) => process.stderr.write(`${text}\n`)

note('process start, CPU time of a call over TLS')
const figures = [...(await benchProcessCosts(Number(values.runs)))]
const clouds: Record<string, readonly ContenderFigures[]> = {}
const scale: Record<string, readonly ScaleFigures[]> = {}
let fake: readonly Figure[] = []

if (values.cloud.includes('fake')) {
  note('the fake cloud itself')
  fake = await benchFake()
  await withFake([], ({ description }) => benchCloud('fake', description))
  if (counts.length > 0) {
    note(`fake cloud, 50 ms per request: ${counts.join(', ')} processes in parallel`)
    scale['fake'] = await withFake(['--latency', '50ms'], ({ description }) => inParallel(description))
  }
}
const reference = values.cloud.includes('reference') ? await referenceCloud() : undefined
if (reference !== undefined) {
  await benchCloud('reference', reference)
  if (values['scale-on-reference']) {
    note(`reference cloud: ${counts.join(', ')} processes in parallel`)
    scale['reference'] = await inParallel(reference)
  }
}

const all = { figures, fake, clouds, scale }
process.stdout.write(values.json ? `${JSON.stringify(all, null, 2)}\n` : report(all))

async function benchCloud(name: string, cloud: CloudDescription): Promise<void> {
  const [rounds, sizeMiB] = [Number(values.rounds), Number(values['stemcell-mib'])]
  note(`${name} cloud: methods, ${rounds} rounds`)
  clouds[name] = await benchContenders(cloud, contenders, rounds)
  note(`${name} cloud: upload of ${sizeMiB} MiB against curl`)
  figures.push(...(await benchUpload(name, cloud, sizeMiB, Number(values.uploads))))
}

async function inParallel(cloud: CloudDescription): Promise<readonly ScaleFigures[]> {
  const figures: ScaleFigures[] = []
  for (const count of counts) figures.push(await benchScale(cloud, count))
  return figures
}

async function referenceCloud(): Promise<CloudDescription | undefined> {
  const file = `${process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'}/fixtures.json`
  const cloud = existsSync(file) ? await readCloudDescription(file) : undefined
  const view = cloud && (await TenantView.login(cloud).catch(() => undefined))
  if (view === undefined) note('SKIPPED the reference cloud: none is up')
  return view && cloud
}
