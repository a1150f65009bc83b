import { expect, test } from 'vitest'
import { cellsOf, playCell } from '../src/cell.ts'
import type { Scenario } from '../src/scenario.ts'
import { serverVariants } from '../src/scenarios/create-vm.ts'
import { diskScenarios } from '../src/scenarios/disks.ts'
import { openTheatre } from '../src/theatre.ts'

/** Faults whose meaning the driver's HTTP client has to recognise in what happens to a socket. */
const ofTheNetwork = [
  'reset',
  'reset after effect',
  'cut body',
  'HTML body',
  'empty body',
  'time-out',
  'time-out after effect',
]

/** Time-outs over sockets take real time. */
const impatient = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (stage) => {
    const request = await scenario.given(stage)
    return { ...request, openstack: { ...request.openstack, connection_options: { read_timeout: 0.5 } } }
  },
})

const sample = [...diskScenarios, ...serverVariants]
  .filter(({ name }) => ['create_disk: plain', 'attach_disk', 'create_vm: boot from volume'].includes(name))
  .map(impatient)

test.each(sample)('$name ends over sockets as over the simulated network', async (scenario) => {
  await using theatre = await openTheatre(scenario)
  const { authUrl } = await theatre.cloud.listen()
  try {
    const unlike: string[] = []
    const cells = cellsOf(theatre).filter(({ kind }) => ofTheNetwork.includes(kind))
    for (const cell of cells) {
      const simulated = await playCell(theatre, cell)
      const real = await playCell(theatre, cell, { overSocketsTo: authUrl })
      if (real.verdict !== simulated.verdict) {
        unlike.push(`${cell.name}: ${real.verdict}, not ${simulated.verdict}\n${real.details.join('\n')}`)
      }
    }
    expect(cells.length).toBeGreaterThan(10)
    expect(unlike).toEqual([])
  } finally {
    await theatre.cloud.close()
  }
})
