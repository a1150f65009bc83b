import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { type Spread, spread } from './statistics.ts'
import { recordUsage } from './usage.ts'

/** One method over all rounds. Requests include the login. */
export interface MethodFigures {
  readonly method: string
  readonly wallMs: Spread
  readonly requests: Spread
  readonly cpuMs: Spread
  readonly peakRssMiB: Spread
}

interface Samples {
  readonly wallMs: number[]
  readonly requests: number[]
  readonly cpuMs: number[]
  readonly peakRssMiB: number[]
}

/** The life cycle of a stemcell, a VM and a disk, some rounds of it, one process per call. */
export async function benchMethods(cloud: CloudDescription, rounds: number): Promise<readonly MethodFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  const proxy = await startCountingProxy()
  const usage = await recordUsage()
  const samples = new Map<string, Samples>()
  try {
    const configFile = await writeCpiConfig(folder, cloud, { openstack: { connection_options: { proxy: proxy.url } } })
    const director = new Director({ configFile, directorUuid: 'bench', environment: usage.environment })
    const imagePath = await writeStemcellImage(folder)
    for (let round = 0; round < rounds; round++) {
      const steps = await runLifeCycle({
        director: {
          call: async (method: string, args: readonly unknown[]) => {
            const answer = await director.call(method, args)
            if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
            const used = (await usage.take()).at(-1)
            const sample = samples.get(method) ?? { wallMs: [], requests: [], cpuMs: [], peakRssMiB: [] }
            samples.set(method, sample)
            sample.wallMs.push(answer.wallMs)
            sample.requests.push(proxy.take().length)
            if (used) {
              sample.cpuMs.push(used.cpuMs)
              sample.peakRssMiB.push(used.peakRssMiB)
            }
            return answer
          },
        },
        cloud,
        imagePath,
        ip: '10.10.2.61',
      })
      if (steps.length === 0) throw new Error('the life cycle had no step')
    }
  } finally {
    await usage.close()
    await proxy.close()
    await rm(folder, { recursive: true })
  }
  return [...samples].map(([method, sample]) => ({
    method,
    wallMs: spread(sample.wallMs),
    requests: spread(sample.requests),
    cpuMs: spread(sample.cpuMs),
    peakRssMiB: spread(sample.peakRssMiB),
  }))
}
