import type { FaultRule } from 'fake-openstack'
import type { Scenario } from '../scenario.ts'
import { scenarios } from '../scenarios/all.ts'

/** A scenario whose call is killed at each of its requests. */
export interface CrashScenario extends Scenario {
  /** A request that the cloud refuses: the call fails, and is killed while it removes what it has created. */
  readonly refused?: FaultRule
}

/** Every method that changes something, `create_vm` in all its forms. */
export const crashScenarios: readonly CrashScenario[] = scenarios.flatMap((scenario): CrashScenario[] => {
  const { name, killed, refusedAt } = scenario
  if (!killed) return []
  // A killed call may leave the disk attached; the director attaches it again.
  const usual: CrashScenario = name === 'attach_disk' ? { ...scenario, purpose: 'change' } : scenario
  if (refusedAt === undefined) return [usual]
  const refused: FaultRule = { match: refusedAt, times: null, do: { respond: { status: 400 } } }
  return [usual, { ...scenario, name: `${name}, refused at ${refusedAt.operation}`, refused }]
})
