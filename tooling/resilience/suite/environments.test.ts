import { expect, test } from 'vitest'
import { environmentCellsOf } from '../src/faults/cell.ts'
import { differences } from '../src/faults/cloud-state.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { scenarios } from '../src/scenarios/scenarios.ts'
import { asAdministrator, besideByHand, otherProject } from '../src/scenarios/surroundings.ts'
import { isChosen, isMeant, runCells } from './run-scenarios.ts'

const meant = scenarios.filter(isMeant)

test.for(meant)(
  '§3.4, §3.5 $name ends as usual where filters are ignored, fields refused, replicas behind',
  async (scenario, { task }) => {
    await using prepared = await prepareScenario(besideByHand(scenario))
    await runCells(prepared, environmentCellsOf(prepared, false).filter(isChosen), task)
  },
)

/** A part of the scenarios: each costs a life cycle in the other project. */
test.for(meant.filter(({ name }) => isChosen({ name: `${name} / administrator` })))(
  "design invariant 0: $name with an administrator's login leaves the same director's other project alone",
  async (scenario, { task }) => {
    await using prepared = await prepareScenario(asAdministrator(scenario))
    const theirs = prepared.cloud.projectId(otherProject)
    expect(differences(prepared.before, prepared.after).filter((line) => line.includes(theirs))).toEqual([])
    await runCells(prepared, environmentCellsOf(prepared, true).filter(isChosen), task)
  },
)
