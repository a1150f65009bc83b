/**
 * `npm run bench`: every figure as a median of runs taken in turn, ratios within one run. The fake cloud is always
 * measured; the reference cloud where one is up. Options are listed in docs/performance.md.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { startFake } from '@openstack-cpi/harness/fake-process'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { benchCloud, type CloudFigures } from './bench-cloud.ts'
import { benchCallCpu } from './call-cpu.ts'
import { chart } from './chart.ts'
import { ourselves, readPeer } from './contenders.ts'
import { benchFake } from './fake.ts'
import type { FakeFigure } from './fake-figure.ts'
import { benchPolling } from './polling.ts'
import { report } from './report.ts'
import { benchScale, type ScaleFigures } from './scale.ts'
import { benchStartUp } from './start-up.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    svg: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    runs: { type: 'string', default: '10' },
    peer: { type: 'string', multiple: true, default: [] },
    cloud: { type: 'string', multiple: true, default: ['fake', 'reference'] },
    'stemcell-mib': { type: 'string', default: '1024' },
    processes: { type: 'string', default: '1,8,32,64' },
    'scale-on-reference': { type: 'boolean' },
  },
})
const runs = Number(values.runs)
const counts = values.processes.split(',').filter(Boolean).map(Number)
const bench = {
  contenders: [...ourselves, ...values.peer.map(readPeer)],
  rounds: Number(values.rounds),
  runs,
  stemcellMiB: Number(values['stemcell-mib']),
}
const note = (text: string) => process.stderr.write(`${text}\n`)

note('process start')
const startUp = await inFolder((folder) => benchStartUp(folder, runs))
note('CPU time of a call over TLS')
const callCpu = await inFolder((folder) => benchCallCpu(folder, Math.max(runs, 20)))
const clouds: Record<string, CloudFigures> = {}
const scale: Record<string, readonly ScaleFigures[]> = {}
let fake: readonly FakeFigure[] = []

if (values.cloud.includes('fake')) {
  note('the fake cloud itself')
  fake = await benchFake()
  clouds['fake'] = await onFake([], (cloud) => benchCloud(cloud, bench, (text) => note(`fake cloud: ${text}`)))
  if (counts.length > 0) {
    note(`fake cloud, 50 ms per request: ${counts.join(', ')} processes in parallel`)
    scale['fake'] = await onFake(['--latency', '50ms'], (cloud) => benchScale(cloud, counts))
  }
}
const reference = values.cloud.includes('reference') ? await referenceCloud() : undefined
if (reference !== undefined) {
  clouds['reference'] = await benchCloud(reference, bench, (text) => note(`reference cloud: ${text}`))
  if (values['scale-on-reference']) {
    note(`reference cloud: ${counts.join(', ')} processes in parallel`)
    scale['reference'] = await benchScale(reference, counts)
  }
}

const figures = { startUp, callCpu, fake, clouds, polling: benchPolling(), scale }
process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : report(figures))
if (values.svg !== undefined) await writeFile(values.svg, chart(figures))

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

async function inFolder<R>(work: (folder: string) => Promise<R>): Promise<R> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function referenceCloud(): Promise<CloudDescription | undefined> {
  const file = `${process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'}/fixtures.json`
  const cloud = existsSync(file) ? await readCloudDescription(file) : undefined
  const isUp =
    cloud !== undefined &&
    (await TenantView.login(cloud).then(
      () => true,
      () => false,
    ))
  if (!isUp) note('SKIPPED the reference cloud: none is up')
  return isUp ? cloud : undefined
}
