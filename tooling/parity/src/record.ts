/**
 * Plays the suite on the cloud of `OPENSTACK_FIXTURES`, says what has changed since the recordings were made, and, with
 * `--write`, replaces them. Arguments name services; all by default.
 */
import { randomBytes } from 'node:crypto'
import { describedCloud } from './cloud-under-test.ts'
import { compare } from './compare.ts'
import { type Recording, readRecording, type Service, services, writeRecording } from './recording.ts'
import { runProbes } from './run.ts'

const file = process.env['OPENSTACK_FIXTURES']
if (file === undefined) throw new Error('OPENSTACK_FIXTURES has to name the description file of the cloud')
const isWriting = process.argv.includes('--write')
const named = process.argv.slice(2).filter((word): word is Service => (services as readonly string[]).includes(word))
const wanted = named.length > 0 ? named : services

let drift = 0
const cloud = await describedCloud(file)
for (const service of wanted) {
  const probes = await runProbes(cloud, `parity${randomBytes(4).toString('hex')}`, [service], (line) =>
    console.log(`  ${line}`),
  )
  const old: Recording = await readRecording(service).catch(() => ({}))
  const fresh: Recording = Object.fromEntries(probes.map((probe) => [probe.name, probe.recorded]))
  for (const { name, recorded, tolerance } of probes) {
    const before = old[name]
    const changes = before ? compare(before, recorded, tolerance) : []
    drift += changes.length
    for (const { at, real, fake } of changes) {
      console.log(`${service}: ${name}: ${at}: ${JSON.stringify(real)} has become ${JSON.stringify(fake)}`)
    }
    if (!before && !isWriting) {
      drift += 1
      console.log(`${service}: ${name}: not recorded yet`)
    }
  }
  console.log(`${service}: ${probes.length} probes`)
  if (isWriting) await writeRecording(service, fresh)
}
console.log(drift === 0 ? 'the real cloud answers as recorded' : `${drift} answers of the real cloud have changed`)
if (drift > 0 && !isWriting) process.exitCode = 1
