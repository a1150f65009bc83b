/** Runs the probes on the fake and prints every difference; arguments name services, and a release (default zed). */
import { type Service, services } from './probe.ts'
import { releases } from './recording.ts'
import { resultsOfFake } from './results.ts'

const named = services.filter((service) => process.argv.includes(service))
const wanted: readonly Service[] = named.length > 0 ? named : services
const release = releases.find((one) => process.argv.includes(one)) ?? 'zed'
const results = await resultsOfFake(release, wanted)
for (const { service, name, outcome, differences } of results) {
  if (outcome === 'same') continue
  console.log(`${service}: ${name}: ${outcome}`)
  for (const { at, real, fake } of differences)
    console.log(`    ${at}\n      real ${JSON.stringify(real)}\n      fake ${JSON.stringify(fake)}`)
}
for (const service of wanted) {
  const count = (outcome: string) => results.filter((one) => one.service === service && one.outcome === outcome).length
  console.log(`${service}: ${count('same')} same, ${count('differs')} differ, ${count('not modelled')} not modelled`)
}
