import { expect, inject, test } from 'vitest'
import { cellsOf } from '../src/faults/cell.ts'
import { faultFile } from '../src/faults/fault-kind.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import { isInSample } from '../src/sample.ts'

import { type Scenario, scenarioNamed } from '../src/scenarios/scenarios.ts'

/** Time-outs over sockets take real time. */
const withShortTimeout = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    const request = await scenario.given(fixture)
    return { ...request, openstack: { ...request.openstack, connection_options: { read_timeout: 0.5 } } }
  },
})

const scenarios = ['create_disk: plain', 'attach_disk', 'create_vm: boot from volume']
  .map(scenarioNamed)
  .map(withShortTimeout)

/** Time-outs take real time: more of them than in the other matrices would be slow, fewer would be none. */
const sample = { ...inject('sample'), share: Math.min(1, 6 * inject('sample').share) }

test.each(scenarios)('$name ends over sockets as over the simulated network', async (scenario) => {
  await using prepared = await prepareScenario(scenario)
  const { authUrl } = await prepared.cloud.listen()
  try {
    const unlike: string[] = []
    const all = cellsOf(prepared).filter(({ kind }) => faultFile.sockets.includes(kind))
    const cells = all.filter(({ name }) => isInSample(sample, name))
    for (const cell of cells) {
      const simulated = await runCell(prepared, cell)
      const real = await runCell(prepared, cell, { overSocketsTo: authUrl })
      if (real.outcome !== simulated.outcome) {
        unlike.push(`${cell.name}: ${real.outcome}, not ${simulated.outcome}\n${real.details.join('\n')}`)
      }
    }
    expect(all.length).toBeGreaterThan(10)
    expect(cells.length).toBeGreaterThan(0)
    expect(unlike).toEqual([])
  } finally {
    await prepared.cloud.close()
  }
})
