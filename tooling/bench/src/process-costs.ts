import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installLocally } from '@openstack-cpi/bosh-release/local-job'
import { cpiConfig, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiExecutable, cpiRequest } from '@openstack-cpi/harness/director'
import { startFake, tlsListener } from '@openstack-cpi/harness/fake-process'
import { startProcess } from '@openstack-cpi/harness/process'
import { inTurn, medianRatio, type Spread, spread } from './statistics.ts'
import { inFolder, timeCommand } from './usage.ts'

/** What a process of the CPI costs before and beside its requests, against a Node that does nothing. */
export interface ProcessCosts {
  readonly bareNodeMs: Spread
  /** `info`, the hottest call, by the program. */
  readonly infoMs: Spread
  /** Through the shim that picks the pinned Node; a release's wrapper is shorter. */
  readonly infoThroughShimMs: Spread
  readonly infoRatio: number
  readonly bareNodeCpuMs: Spread
  /** CPU time of `has_disk` over TLS with a kept login, over that of bare Node; pairs of one run. */
  readonly callCpuRatio: number
  /** The same through the release's `bin/cpi`; absent where no Ruby renders it. */
  readonly throughWrapper?: {
    readonly callCpuRatio: number
    readonly infoMs: Spread
    /** A shell that does nothing. */
    readonly shellMs: Spread
  }
}

const program = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))
const options = { directorUuid: 'bench', requestId: 'cpi-123456' }
const lookUp = cpiRequest('has_disk', ['11111111-1111-4111-8111-111111111111'], options)
const info = cpiRequest('info', [], options)
const bareNode = [process.execPath, '-e', '0']

/** Whole processes, taken in turn, against a fake cloud of their own with a CA in the configuration. */
export const benchProcessCosts = (runs: number): Promise<ProcessCosts> =>
  inFolder(async (folder) => {
    const fake = await startFake(folder, tlsListener)
    try {
      const caFile = fake.description.ca_file ?? ''
      const configFile = await writeCpiConfig(folder, fake.description, { tls: true })
      const { openstack } = cpiConfig(fake.description, { tls: true }).cloud.properties
      const connection_options = { ca_cert: await readFile(caFile, 'utf8') }
      const job = await installLocally(join(folder, 'installed'), { openstack: { ...openstack, connection_options } })
      const code = { NODE_COMPILE_CACHE: join(folder, 'code') }
      const kept = { ...code, OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') }
      const values = await inTurn(runs, {
        bareNodeMs: () => timeCommand(bareNode),
        infoMs: () => timeCommand([process.execPath, program, 'none.json'], info, code),
        infoThroughShimMs: () => timeCommand([cpiExecutable, 'none.json'], info, code),
        bareNodeCpuMs: () => cpuOf(bareNode, '', {}),
        callCpuMs: () => cpuOf([process.execPath, program, configFile, caFile], lookUp, kept),
        wrapperCpuMs: job && (() => cpuOf([job.executable], lookUp, job.environment)),
        wrapperInfoMs: job && (() => timeCommand([job.executable], info, job.environment)),
        shellMs: () => timeCommand(['/bin/bash', '-c', ':']),
      })
      return {
        bareNodeMs: spread(values.bareNodeMs),
        infoMs: spread(values.infoMs),
        infoThroughShimMs: spread(values.infoThroughShimMs),
        infoRatio: medianRatio(values.infoMs, values.bareNodeMs),
        bareNodeCpuMs: spread(values.bareNodeCpuMs),
        callCpuRatio: medianRatio(values.callCpuMs, values.bareNodeCpuMs),
        ...(job && {
          throughWrapper: {
            callCpuRatio: medianRatio(values.wrapperCpuMs, values.bareNodeCpuMs),
            infoMs: spread(values.wrapperInfoMs),
            shellMs: spread(values.shellMs),
          },
        }),
      }
    } finally {
      await fake.stop()
    }
  })

/** CPU time of one run of a command, ms, all its threads and children included. */
async function cpuOf(
  command: readonly string[],
  stdin: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const script = ['/bin/bash', '-c', '"$@" >/dev/null 2>&1 || exit; times', 'bash', ...command]
  const { stdout, exitCode } = await startProcess(script, { PATH: '/usr/bin:/bin', ...environment }, stdin).ended
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}`)
  const children = stdout.trim().split('\n')[1] ?? ''
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((total, [, minutes, seconds]) => total + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}
