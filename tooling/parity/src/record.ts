/**
 * Plays the suite on the cloud of `OPENSTACK_FIXTURES`, says what has changed since the recordings were made, and, with
 * `--write`, replaces them. Arguments name services, all by default, and `--scenario=<name>` one of their scenarios. A service whose answers have changed is played once
 * more: only what is different both times has changed.
 */
import { randomBytes } from 'node:crypto'
import { describedCloud } from './cloud-under-test.ts'
import { type Drift, driftSince, lasting } from './drift.ts'
import { type Recording, readRecording, type Service, services, writeRecording } from './recording.ts'
import { runProbes } from './run.ts'
import type { Probe } from './scenario.ts'

const file = process.env['OPENSTACK_FIXTURES']
if (file === undefined) throw new Error('OPENSTACK_FIXTURES has to name the description file of the cloud')
const isWriting = process.argv.includes('--write')
const named = process.argv.slice(2).filter((word): word is Service => (services as readonly string[]).includes(word))
const scenarios = process.argv.flatMap((word) => /^--scenario=(.*)$/.exec(word)?.[1] ?? [])
const wanted = named.length > 0 ? named : services
const cloud = await describedCloud(file)

const play = (service: Service): Promise<Probe[]> =>
  runProbes(cloud, `parity${randomBytes(4).toString('hex')}`, [service], (line) => console.log(`  ${line}`), scenarios)

let drift = 0
for (const service of wanted) {
  const recording: Recording = await readRecording(service).catch(() => ({}))
  const probes = await play(service)
  const changes = driftSince(recording, probes)
  for (const { text } of changes) console.log(`${service}: ${text}`)
  drift += isWriting || changes.length === 0 ? changes.length : (await playedAgain(service, recording, changes)).length
  console.log(`${service}: ${probes.length} probes`)
  if (isWriting) {
    const fresh = Object.fromEntries(probes.map(({ name, recorded }) => [name, recorded]))
    await writeRecording(service, scenarios.length > 0 ? { ...recording, ...fresh } : fresh)
  }
}
console.log(drift === 0 ? 'the real cloud answers as recorded' : `${drift} answers of the real cloud have changed`)
if (drift > 0 && !isWriting) process.exitCode = 1

async function playedAgain(
  service: Service,
  recording: Recording,
  changes: readonly Drift[],
): Promise<readonly Drift[]> {
  const kept = lasting(changes, driftSince(recording, await play(service)))
  for (const { name, at } of changes.filter((one) => !kept.includes(one))) {
    console.log(`${service}: ${name}: ${at}: as recorded when asked again`)
  }
  return kept
}
