import { fileURLToPath } from 'node:url'
import { cpiExecutable } from '@openstack-cpi/harness/director'
import { medianRatio, type Spread, spread } from './statistics.ts'
import { timeCommand } from './usage.ts'

const program = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))
const request = '{"method":"info","arguments":[],"context":{"director_uuid":"bench"}}'

export interface StartUp {
  readonly bareNodeMs: Spread
  readonly infoMs: Spread
  /** Through the shim that picks the pinned Node; a release's wrapper is shorter. */
  readonly infoThroughShimMs: Spread
  readonly ratio: number
}

/** `info`, the hottest call, against a Node that does nothing; whole processes, taken in turn. Compiled code is kept in `folder`. */
export async function benchStartUp(folder: string, runs: number): Promise<StartUp> {
  const kept = { NODE_COMPILE_CACHE: folder }
  const bare: number[] = []
  const info: number[] = []
  const shim: number[] = []
  for (let run = -2; run < runs; run++) {
    const measured = [
      await timeCommand(process.execPath, ['-e', '0']),
      await timeCommand(process.execPath, [program, 'none.json'], request, kept),
      await timeCommand(cpiExecutable, ['none.json'], request, kept),
    ] as const
    if (run < 0) continue // warm-up
    bare.push(measured[0])
    info.push(measured[1])
    shim.push(measured[2])
  }
  return {
    bareNodeMs: spread(bare),
    infoMs: spread(info),
    infoThroughShimMs: spread(shim),
    ratio: medianRatio(info, bare),
  }
}
