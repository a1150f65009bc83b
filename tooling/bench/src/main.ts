/**
 * `npm run bench`: every figure as a median of runs taken in turn, ratios within one run. The fake cloud is always
 * measured; the reference cloud where one is up. `--json` prints the figures for programs, `--rounds N` sets how often
 * the life cycle runs.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { startFake } from '@openstack-cpi/harness/fake-process'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { benchMethods, type MethodFigures } from './methods.ts'
import { benchStartUp } from './start-up.ts'
import { table } from './table.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '20' },
  },
})
const rounds = Number(values.rounds)
const note = (text: string) => process.stderr.write(`${text}\n`)

note('process start')
const startUp = await benchStartUp(Number(values.runs))

const clouds: Record<string, readonly MethodFigures[]> = {}
note(`methods on the fake cloud, ${rounds} rounds`)
const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-fake-'))
const fake = await startFake(folder)
try {
  clouds['fake'] = await benchMethods(fake.description, rounds)
} finally {
  await fake.stop()
  await rm(folder, { recursive: true })
}

const reference = `${process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'}/fixtures.json`
const cloud = existsSync(reference) ? await readCloudDescription(reference) : undefined
const up = cloud
  ? await TenantView.login(cloud).then(
      () => true,
      () => false,
    )
  : false
if (cloud && up) {
  note(`methods on the reference cloud, ${rounds} rounds`)
  clouds['reference'] = await benchMethods(cloud, rounds)
} else {
  note('SKIPPED the reference cloud: none is up')
}

if (values.json) {
  process.stdout.write(`${JSON.stringify({ startUp, clouds }, null, 2)}\n`)
} else {
  const ms = (value: number) => value.toFixed(1)
  const rows = (
    [
      ['node -e 0', startUp.bareNodeMs],
      ['info', startUp.infoMs],
      ['info through the shim', startUp.infoThroughShimMs],
    ] as const
  ).map(([what, s]) => [what, ms(s.min), ms(s.median), ms(s.max)])
  process.stdout.write(`\n${table(['process start, ms', 'min', 'median', 'max'], rows)}\n`)
  process.stdout.write(`info / node -e 0: ${startUp.ratio.toFixed(2)} (budget 1.6)\n`)
  for (const [name, figures] of Object.entries(clouds)) {
    const lines = figures.map((f) => [
      f.method,
      (f.wallMs.median / 1000).toFixed(2),
      `${(f.wallMs.min / 1000).toFixed(2)}-${(f.wallMs.max / 1000).toFixed(2)}`,
      String(f.requests.median),
      f.cpuMs.median.toFixed(0),
      f.peakRssMiB.median.toFixed(0),
    ])
    const sum = figures.reduce((total, f) => total + f.wallMs.median, 0) / 1000
    const requests = figures.reduce((total, f) => total + f.requests.median, 0)
    lines.push(['sum', sum.toFixed(2), '', String(requests), '', ''])
    process.stdout.write(
      `\n${table([`${name} cloud`, 'wall s', 'spread', 'requests', 'CPU ms', 'peak RSS MiB'], lines)}\n`,
    )
  }
}
