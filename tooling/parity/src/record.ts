/**
 * Runs the probes on the cloud of `OPENSTACK_FIXTURES`, reports what has changed since its release was recorded, and, with
 * `--write`, replaces the recordings of that release. Arguments name services, all by default, and `--scenario <name>` one
 * of their scenarios. A service whose answers have changed is asked once more: only what is different both times has
 * changed.
 */

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { describedCloud } from './cloud-under-test.ts'
import { type Probe, type Service, services } from './probe.ts'
import { readScenarios, type Scenario } from './probe-file.ts'
import { driftSince, lasting, readRecording, recordedRelease, writeRecording, writeVersions } from './recording.ts'
import { runProbes } from './results.ts'

const file = process.env['OPENSTACK_FIXTURES']
if (file === undefined) throw new Error('OPENSTACK_FIXTURES has to name the description file of the cloud')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, scenario: { type: 'string', multiple: true, default: [] } },
})
const isWriting = values.write
const named = services.filter((service) => positionals.includes(service))
const wanted: readonly Service[] = named.length > 0 ? named : services
const cloud = await describedCloud(file)
const description = await readCloudDescription(file)
const release = recordedRelease(description.release ?? 'zed')

const run = (service: Service): Promise<readonly Probe[]> => {
  const isWanted = (one: Scenario): boolean => values.scenario.length === 0 || values.scenario.includes(one.name)
  const scenarios = readScenarios().filter((one) => one.service === service && isWanted(one))
  return runProbes(cloud, `parity${randomBytes(4).toString('hex')}`, scenarios, (line) => console.log(`  ${line}`))
}

let drift = 0
for (const service of wanted) {
  const recording = await readRecording(service, release)
  const probes = await run(service)
  const changes = driftSince(recording, probes)
  const isAskedAgain = !isWriting && changes.length > 0
  const kept = isAskedAgain ? lasting(changes, driftSince(recording, await run(service))) : changes
  for (const change of changes) {
    const { name, at, real, fake } = change
    const again = kept.includes(change) ? '' : ' (as recorded when asked again)'
    console.log(`${service}: ${name}: ${at}: ${JSON.stringify(real)} has become ${JSON.stringify(fake)}${again}`)
  }
  drift += kept.length
  console.log(`${service}: ${probes.length} probes`)
  if (isWriting) {
    await writeRecording(service, release, probes, values.scenario.length > 0 ? 'keep others' : 'replace all')
  }
}
if (isWriting && description.versions !== undefined) await writeVersions(release, description.versions)
console.log(
  drift === 0
    ? `the real cloud answers as recorded of ${release}`
    : `${drift} answers of the real cloud have changed since ${release} was recorded`,
)
if (drift > 0 && !isWriting) process.exitCode = 1
