import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileRelease, hasRuby, localJobs } from '@openstack-cpi/bosh-release/local-job'
import { cpiConfig, writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiRequest } from '@openstack-cpi/harness/director'
import { tlsListener } from '@openstack-cpi/harness/fake-process'
import { type Figure, figure, inTurn, spread } from './statistics.ts'
import { bareNode, cpuOf, timeCommand, withFake } from './usage.ts'

const program = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))
const options = { directorUuid: 'bench', requestId: 'cpi-123456' }
const lookUp = cpiRequest('has_disk', ['11111111-1111-4111-8111-111111111111'], options)
const info = cpiRequest('info', [], options)

/**
 * What a process of the CPI costs before and beside its requests, against a Node that does nothing. Whole processes, taken in
 * turn, against a fake cloud of their own with a CA in the configuration. Through the release's wrapper only where a Ruby renders
 * it.
 */
export const benchProcessCosts = (runs: number): Promise<readonly Figure[]> =>
  withFake(tlsListener, async ({ description }, folder) => {
    const caFile = description.ca_file ?? ''
    const configFile = await writeCpiConfig(folder, description, { tls: true })
    const { openstack } = cpiConfig(description, { tls: true }).cloud.properties
    const connection_options = { ca_cert: await readFile(caFile, 'utf8') }
    const installed = async () => {
      const { render, environment } = localJobs(await compileRelease(folder), join(folder, 'jobs'))
      const job = render('openstack_cpi', { openstack: { ...openstack, connection_options } })
      return { command: [join(job, 'bin/cpi')], environment }
    }
    const job = hasRuby ? await installed() : undefined
    const code = { NODE_COMPILE_CACHE: join(folder, 'code') }
    const kept = { ...code, OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') }
    const values = await inTurn(runs, {
      bareNodeMs: () => timeCommand(bareNode),
      infoMs: () => timeCommand([process.execPath, program, 'none.json'], info, code),
      bareNodeCpuMs: () => cpuOf(bareNode),
      callCpuMs: () => cpuOf([process.execPath, program, configFile, caFile], lookUp, kept),
      wrapperCpuMs: job && (() => cpuOf(job.command, lookUp, job.environment)),
      wrapperInfoMs: job && (() => timeCommand(job.command, info, job.environment)),
      shellMs: () => timeCommand(['/bin/bash', '-c', ':']),
    })
    // Pair by pair: noise that hits both sides of a pair cancels out.
    const ratio = (id: string, own: readonly number[], bare: readonly number[]) =>
      figure(id, [spread(own.map((value, run) => value / (bare[run] ?? Number.NaN))).median])
    const ofShell = (own: readonly number[]) => [spread(own).median - spread(values.shellMs).median]
    return [
      figure('bare-node', values.bareNodeCpuMs),
      ...(job ? [figure('wrapper-info', ofShell(values.wrapperInfoMs))] : []),
      ratio('info', values.infoMs, values.bareNodeMs),
      ratio('call-cpu', values.callCpuMs, values.bareNodeCpuMs),
      ...(job ? [ratio('wrapper-cpu', values.wrapperCpuMs, values.bareNodeCpuMs)] : []),
    ]
  })
