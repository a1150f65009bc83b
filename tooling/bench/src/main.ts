/**
 * `npm run bench`: every figure as a median of runs taken in turn, ratios within one run. The fake cloud is always
 * measured; the reference cloud where one is up. Options are listed in docs/performance.md.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { startFake } from '@openstack-cpi/harness/fake-process'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { benchContenders, ourselves, readPeer } from './contenders.ts'
import { benchFake, type FakeFigure } from './fake.ts'
import { benchProcessCosts } from './process-costs.ts'
import { benchScale, type ScaleFigures } from './scale.ts'
import { type CloudFigures, report } from './tables.ts'
import { benchUpload } from './upload.ts'
import { inFolder } from './usage.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '2' },
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
const processCosts = await benchProcessCosts(Number(values.runs))
const clouds: Record<string, CloudFigures> = {}
const scale: Record<string, readonly ScaleFigures[]> = {}
let fake: readonly FakeFigure[] = []

if (values.cloud.includes('fake')) {
  note('the fake cloud itself')
  fake = await benchFake()
  clouds['fake'] = await onFake([], (cloud) => benchCloud('fake', cloud))
  if (counts.length > 0) {
    note(`fake cloud, 50 ms per request: ${counts.join(', ')} processes in parallel`)
    scale['fake'] = await onFake(['--latency', '50ms'], (cloud) => benchScale(cloud, counts))
  }
}
const reference = values.cloud.includes('reference') ? await referenceCloud() : undefined
if (reference !== undefined) {
  clouds['reference'] = await benchCloud('reference', reference)
  if (values['scale-on-reference']) {
    note(`reference cloud: ${counts.join(', ')} processes in parallel`)
    scale['reference'] = await benchScale(reference, counts)
  }
}

const figures = { process: processCosts, fake, clouds, scale }
process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : report(figures))

async function benchCloud(name: string, cloud: CloudDescription): Promise<CloudFigures> {
  const [rounds, sizeMiB] = [Number(values.rounds), Number(values['stemcell-mib'])]
  note(`${name} cloud: methods, ${rounds} rounds`)
  const figures = await benchContenders(cloud, contenders, rounds)
  note(`${name} cloud: upload of ${sizeMiB} MiB against curl`)
  return { contenders: figures, upload: await benchUpload(cloud, sizeMiB, rounds) }
}

function onFake<R>(args: readonly string[], work: (cloud: CloudDescription) => Promise<R>): Promise<R> {
  return inFolder(async (folder) => {
    const fake = await startFake(folder, args)
    try {
      return await work(fake.description)
    } finally {
      await fake.stop()
    }
  })
}

async function referenceCloud(): Promise<CloudDescription | undefined> {
  const file = `${process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'}/fixtures.json`
  const cloud = existsSync(file) ? await readCloudDescription(file) : undefined
  const view = cloud && (await TenantView.login(cloud).catch(() => undefined))
  if (view === undefined) note('SKIPPED the reference cloud: none is up')
  return view && cloud
}
