import type { CloudUnderTest } from './cloud-under-test.ts'
import type { Probe, Service } from './probe.ts'
import { scenarios } from './probes/all.ts'
import { play } from './scenario.ts'
import { Session } from './session.ts'

/** Plays all scenarios (of some services, or those of some names) on a cloud, one after the other. */
export async function runProbes(
  cloud: CloudUnderTest,
  prefix: string,
  wanted: readonly Service[],
  log: (line: string) => void = () => undefined,
  named: readonly string[] = [],
): Promise<Probe[]> {
  const session = new Session(cloud, prefix)
  await session.start()
  const probes: Probe[] = []
  for (const one of scenarios) {
    if (!wanted.includes(one.service) || (named.length > 0 && !named.includes(one.name))) continue
    log(`${one.service}: ${one.name}`)
    probes.push(...(await play(one, session)))
  }
  return probes
}
