/**
 * `npm run bench:model`: what 1,000 VMs cost, by the model and by simulation, for some latencies. Prints a table;
 * `--vms N` and `--workers N` change the deployment.
 */
import { parseArgs } from 'node:util'
import { pollTimesMs } from '../../../../packages/openstack-driver/src/http/waiter.ts'
import { table } from '../table.ts'
import { callsOf } from './calls.ts'
import { type Assumptions, costOf } from './cost-model.ts'
import { simulateDeployment } from './deployment.ts'

const { values } = parseArgs({
  options: {
    vms: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '32' },
  },
})
const vms = Number(values.vms)
const times = { buildMs: 8_000, volumeMs: 2_000, attachMs: 2_000 }
const rows: string[][] = []
for (const latencyMs of [20, 50, 200]) {
  const assumed: Assumptions = {
    workers: Number(values.workers),
    latencyMs,
    processMs: 100,
    pollIntervalMs: 5_000,
    tokenLifeMs: 3_600_000,
  }
  const paper = costOf(vms, callsOf(times), assumed, (interval, notBefore) => pollTimesMs(interval, false, notBefore))
  const simulated = await simulateDeployment(vms, assumed, times)
  for (const failure of simulated.failures) process.stderr.write(`${failure}\n`)
  rows.push(
    [`model, ${latencyMs} ms`, String(paper.requests), String(paper.logins), paper.seconds.toFixed(0), ''],
    [
      `simulation, ${latencyMs} ms`,
      String(simulated.requests),
      String(simulated.logins),
      simulated.seconds.toFixed(0),
      String(simulated.failed),
    ],
  )
}
const title = `${vms} VMs with disks, ${values.workers} workers`
process.stdout.write(`${table([title, 'requests', 'logins', 'seconds', 'failures'], rows)}\n`)
