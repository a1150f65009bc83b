import type { CloudUnderTest } from './cloud-under-test.ts'
import type { Probe, Service } from './probe.ts'
import { scenarios } from './probes/all.ts'
import { play } from './scenario.ts'
import { Session } from './session.ts'

/** Plays all scenarios (of some services) on a cloud, one after the other. */
export async function runProbes(
  cloud: CloudUnderTest,
  prefix: string,
  wanted: readonly Service[],
  log: (line: string) => void = () => undefined,
): Promise<Probe[]> {
  const session = new Session(cloud, prefix)
  await session.start()
  const probes: Probe[] = []
  for (const one of scenarios) {
    if (!wanted.includes(one.service)) continue
    log(`${one.service}: ${one.name}`)
    probes.push(...(await play(one, session)))
  }
  return probes
}
