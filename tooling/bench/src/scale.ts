import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { loginsAmong, openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type CreatedVm, createVmArguments } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { sum } from './statistics.ts'
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
}

/** Starts cold: nobody has logged in before. */
export const benchScale = (cloud: CloudDescription, processes: number): Promise<ScaleFigures> =>
  recordUsage(async ({ folder, withLogins, take }) => {
    const listener = await openCountingListener(cloud)
    try {
      const configFile = await writeCpiConfig(folder, listener.cloud, { openstack: { state_timeout: 900 } })
      const director = new Director({ configFile, environment: withLogins })
      const started = performance.now()
      const answers = await Promise.all(
        Array.from({ length: processes }, (_, index) => {
          const params = { agent: `agent-${index}`, networks: `10.10.3.${100 + index}` }
          return director.call('create_vm', createVmArguments(cloud, params))
        }),
      )
      const wallMs = performance.now() - started
      const requests = listener.take()
      const used = await take()
      const vms = answers.flatMap(({ error, result }) => (error === null ? [(result as CreatedVm)[0]] : []))
      await Promise.all(vms.map((vm) => director.ask('delete_vm', [vm])))
      return {
        processes,
        failures: processes - vms.length,
        wallMs,
        logins: loginsAmong(requests).length,
        requests: requests.length,
        rssMiB: sum(used.map(({ peakRssMiB }) => peakRssMiB)),
        pssMiB: sum(used.map(({ pssMiB }) => pssMiB)) / used.length,
      }
    } finally {
      await listener.close()
    }
  })
