import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installLocally } from '@openstack-cpi/bosh-release/local-job'
import { cpiConfig, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiRequest } from '@openstack-cpi/harness/director'
import { startFake, tlsListener } from '@openstack-cpi/harness/fake-process'
import { medianRatio, type Spread, spread } from './statistics.ts'
import { timeCommand } from './usage.ts'

/** What one call costs over TLS with a kept login, and what the release's wrapper adds or saves. */
export interface CallCpu {
  readonly bareNodeCpuMs: Spread
  /** `has_disk` by the program, over the CPU time of bare Node; pairs of one run. */
  readonly ratio: number
  /** The same through the release's `bin/cpi`; absent where no Ruby renders it. */
  readonly throughWrapper?: {
    readonly ratio: number
    /** `info`, wall time. */
    readonly infoMs: Spread
    /** A shell that does nothing, wall time. */
    readonly shellMs: Spread
  }
}

const program = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))
const options = { directorUuid: 'bench', requestId: 'cpi-123456' }
const lookUp = cpiRequest('has_disk', ['11111111-1111-4111-8111-111111111111'], options)
const info = cpiRequest('info', [], options)

/** Against a fake cloud of its own, in `folder`, with a CA in the configuration. */
export async function benchCallCpu(folder: string, runs: number): Promise<CallCpu> {
  const fake = await startFake(folder, tlsListener)
  try {
    const caFile = fake.description.ca_file ?? ''
    const configFile = await writeCpiConfig(folder, fake.description, { tls: true })
    const { openstack } = cpiConfig(fake.description, { tls: true }).cloud.properties
    const connection_options = { ca_cert: await readFile(caFile, 'utf8') }
    const job = await installLocally(join(folder, 'installed'), { openstack: { ...openstack, connection_options } })
    const requestFile = join(folder, 'request.json')
    await writeFile(requestFile, lookUp)
    const kept = { NODE_COMPILE_CACHE: join(folder, 'code'), OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') }

    const bare: number[] = []
    const own: number[] = []
    const wrapped: number[] = []
    const infoMs: number[] = []
    const shellMs: number[] = []
    for (let run = -2; run < runs; run++) {
      const bareCpu = await cpuOf([process.execPath, '-e', '0'], requestFile, {})
      const ownCpu = await cpuOf([process.execPath, program, configFile, caFile], requestFile, kept)
      const wrappedCpu = job && (await cpuOf([job.executable], requestFile, job.environment))
      const infoWall = job && (await timeCommand(job.executable, [], info, job.environment))
      const shellWall = await timeCommand('/bin/bash', ['-c', ':'])
      if (run < 0) continue // logs in and compiles
      bare.push(bareCpu)
      own.push(ownCpu)
      shellMs.push(shellWall)
      if (wrappedCpu !== undefined) wrapped.push(wrappedCpu)
      if (infoWall !== undefined) infoMs.push(infoWall)
    }
    return {
      bareNodeCpuMs: spread(bare),
      ratio: medianRatio(own, bare),
      ...(wrapped.length > 0 && {
        throughWrapper: { ratio: medianRatio(wrapped, bare), infoMs: spread(infoMs), shellMs: spread(shellMs) },
      }),
    }
  } finally {
    await fake.stop()
  }
}

const execute = promisify(execFile)

/** CPU time of one run of a command, ms, all its threads and children included. */
async function cpuOf(
  command: readonly string[],
  stdinFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const script = '"$@" <"$STDIN" >/dev/null 2>&1 || exit; times'
  const env = { PATH: '/usr/bin:/bin', STDIN: stdinFile, ...environment }
  const { stdout } = await execute('/bin/bash', ['-c', script, 'bash', ...command], { env })
  const children = stdout.trim().split('\n')[1] ?? ''
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}
