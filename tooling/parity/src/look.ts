/** Plays the suite on the fake and prints every difference; arguments name services, and a release (default zed). */

import { fakeCloud } from './cloud-under-test.ts'
import { type Service, services } from './probe.ts'
import { readRecording, releases } from './recording.ts'
import { judge } from './report.ts'
import { runProbes } from './run.ts'

const named = process.argv.slice(2).filter((word): word is Service => (services as readonly string[]).includes(word))
const wanted = named.length > 0 ? named : services
const release = releases.find((one) => process.argv.includes(one)) ?? 'zed'
const recordings = new Map(
  await Promise.all(wanted.map(async (one) => [one, await readRecording(one, release)] as const)),
)
const probes = await runProbes(fakeCloud(), 'paritylook', wanted)
const judged = judge(probes, recordings)
for (const { service, name, verdict, differences } of judged) {
  if (verdict === 'same') continue
  console.log(`${service}: ${name}: ${verdict}`)
  for (const { at, real, fake } of differences)
    console.log(`    ${at}\n      real ${JSON.stringify(real)}\n      fake ${JSON.stringify(fake)}`)
}
for (const service of wanted) {
  const count = (verdict: string) => judged.filter((one) => one.service === service && one.verdict === verdict).length
  console.log(`${service}: ${count('same')} same, ${count('differs')} differ, ${count('not modelled')} not modelled`)
}
