import type { FakeOpenStack } from 'fake-openstack'
import { test } from 'vitest'
import { callCpi } from '../src/cpi-call.ts'
import { differences } from '../src/faults/cloud-state.ts'
import { type PreparedScenario, prepareScenario } from '../src/faults/prepared-scenario.ts'
import { Outcomes } from '../src/outcomes.ts'
import { scenariosOf } from '../src/scenarios/scenarios.ts'

/** An amphora failed, or an operator has repaired it. */
function setLoadBalancers(cloud: FakeOpenStack, provisioning_status: 'ERROR' | 'ACTIVE'): void {
  const snapshot = cloud.snapshot()
  const balancers = (snapshot.content['loadbalancers'] ?? []).map((record) => ({ ...record, provisioning_status }))
  cloud.restore({ ...snapshot, content: { ...snapshot.content, loadbalancers: balancers } })
}

/** The call fails and names the pool: a creation leaves nothing, a deletion only the membership, and can be repeated. */
async function problemsIn(prepared: PreparedScenario): Promise<readonly string[]> {
  const { cloud, request, scenario, before, after } = prepared
  prepared.reset()
  setLoadBalancers(cloud, 'ERROR')
  const end = await callCpi(cloud, request)
  if (end.is !== 'responded' || end.response.error === null) return [`it ended with ${JSON.stringify(end)}`]
  const message = /pool/.test(end.response.error.message)
    ? []
    : [`the message names no pool: ${end.response.error.message}`]
  setLoadBalancers(cloud, 'ACTIVE')
  const left = differences(before, prepared.settledState())
  if (scenario.purpose === 'create') return [...message, ...left]
  const isServerGone = left.some((line) => line.startsWith('- servers '))
  const again = await callCpi(cloud, request)
  return [
    ...message,
    ...(isServerGone ? [] : ['the server is still there']),
    ...(again.is === 'responded' && again.response.error === null ? [] : [`repeated: ${JSON.stringify(again)}`]),
    ...differences(after, prepared.settledState()),
  ]
}

test.for(scenariosOf('pools'))(
  'driver spec §6.6 $name while the load balancer is in ERROR',
  async (scenario, { task }) => {
    await using prepared = await prepareScenario(scenario)
    const details = await problemsIn(prepared)
    const outcomes = new Outcomes('faults', prepared.request.method)
    const kind = 'load balancer in ERROR'
    const name = `${scenario.name} / ${kind}`
    outcomes.add({ name, kind, outcome: details.length > 0 ? 'defect' : 'clean error', details })
    outcomes.finish(task)
  },
)
