import { type CloudUnderTest, fakeCloud } from './cloud-under-test.ts'
import type { Difference } from './compare.ts'
import { type Probe, type Service, services } from './probe.ts'
import { readScenarios, type Scenario } from './probe-file.ts'
import { differencesFrom, type Recording, type Release, readRecording } from './recording.ts'
import { runScenario } from './scenario.ts'
import { Session } from './session.ts'

/** A probe of the fake, compared with the recorded answer of the real cloud. */
export interface Result {
  readonly service: Service
  readonly name: string
  readonly outcome: 'same' | 'differs' | 'not modelled'
  readonly differences: readonly Difference[]
}

/** Runs scenarios on a cloud, one after the other. */
export async function runProbes(
  cloud: CloudUnderTest,
  prefix: string,
  scenarios: readonly Scenario[],
  log: (line: string) => void = () => undefined,
): Promise<readonly Probe[]> {
  const session = new Session(cloud, prefix)
  await session.start()
  const probes: Probe[] = []
  for (const scenario of scenarios) {
    log(`${scenario.service}: ${scenario.name}`)
    probes.push(...(await runScenario(scenario, session)))
  }
  return probes
}

/** Runs all probes on the fake of a release and compares it with the recordings of that release. */
export async function resultsOfFake(release: Release): Promise<readonly Result[]> {
  const probes = await runProbes(fakeCloud(release), 'paritytest', readScenarios())
  const recordings = new Map<Service, Recording>()
  for (const service of services) recordings.set(service, await readRecording(service, release))
  return probes.map((probe) => {
    const { service, name, recorded } = probe
    const differences = differencesFrom(recordings.get(service) ?? {}, probe)
    const isUnmodelled = recorded.status === 501 && differences.some(({ at }) => at === 'status')
    const outcome = isUnmodelled ? 'not modelled' : differences.length > 0 ? 'differs' : 'same'
    return { service, name, outcome, differences }
  })
}
