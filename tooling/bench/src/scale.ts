import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { openCountingListener } from '@openstack-cpi/harness/counting-listener'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { recordUsage } from './usage.ts'

/** So many processes in parallel, each with one `create_vm`; afterwards each VM is deleted. */
export interface ScaleFigures {
  readonly processes: number
  readonly failures: number
  /** Until the last VM is there. */
  readonly wallMs: number
  readonly logins: number
  readonly requests: number
  /** Of all processes together, each at its peak. */
  readonly rssMiB: number
  /** Of one process, at its end; the mean. */
  readonly pssMiB: number
  readonly cpuMs: number
}

/** Starts cold: nobody has logged in before. */
export async function benchScale(cloud: CloudDescription, counts: readonly number[]): Promise<readonly ScaleFigures[]> {
  const figures: ScaleFigures[] = []
  for (const count of counts) figures.push(await atOnce(cloud, count))
  return figures
}

async function atOnce(cloud: CloudDescription, processes: number): Promise<ScaleFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  const listener = await openCountingListener(cloud)
  const usage = await recordUsage()
  try {
    const director = new Director({
      configFile: await writeCpiConfig(folder, listener.cloud, { openstack: { state_timeout: 900 } }),
      environment: {
        ...usage.environment,
        NODE_COMPILE_CACHE: join(folder, 'code'),
        OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache'),
      },
    })
    const started = performance.now()
    const answers = await Promise.all(
      Array.from({ length: processes }, (_, index) =>
        director.call(
          'create_vm',
          createVmArguments(cloud, { agent: `agent-${index}`, networks: `10.10.3.${100 + index}` }),
        ),
      ),
    )
    const wallMs = performance.now() - started
    const requests = listener.take()
    const used = await usage.take()
    const vms = answers.flatMap(({ error, result }) => (error === null ? [(result as [string])[0]] : []))
    await Promise.all(vms.map((vm) => director.ask('delete_vm', [vm])))
    return {
      processes,
      failures: processes - vms.length,
      wallMs,
      logins: requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/auth/tokens')).length,
      requests: requests.length,
      rssMiB: used.reduce((sum, { peakRssMiB }) => sum + peakRssMiB, 0),
      pssMiB: used.reduce((sum, { pssMiB }) => sum + pssMiB, 0) / used.length,
      cpuMs: used.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    }
  } finally {
    await usage.close()
    await listener.close()
    await rm(folder, { recursive: true })
  }
}
