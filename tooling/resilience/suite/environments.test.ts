import { afterAll, expect, inject, test } from 'vitest'
import { callCpi } from '../src/cpi-call.ts'
import { cellsOf } from '../src/faults/cell.ts'
import { differences } from '../src/faults/cloud-state.ts'
import {
  type Environment,
  filterIgnored,
  filtersIgnored,
  isFilteredList,
  laggingReplica,
  portDescriptionsRefused,
} from '../src/faults/environments.ts'
import { type PreparedScenario, prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { isInSample } from '../src/sample.ts'
import type { Scenario } from '../src/scenario.ts'
import { asAdministrator, otherProject } from '../src/scenarios/administrator.ts'
import { scenarios } from '../src/scenarios/all.ts'
import { createForeignResources } from '../src/scenarios/foreign-resources.ts'
import { writeOutcomes } from './outcome-files.ts'

const sample = inject('sample')
const only = process.env['FAULT_CELL']
const outcomes: CellOutcome[] = []
afterAll(() => writeOutcomes('8-environments', outcomes))

/** The same scenario in a project that also has resources that operators created by hand. */
const besideForeignResources = (scenario: Scenario): Scenario => ({
  ...scenario,
  given: async (fixture) => {
    await createForeignResources(fixture)
    return await scenario.given(fixture)
  },
})

/** Runs the call in the environment: the result and the cloud must be as without it. Returns what is different. */
async function problemsIn(prepared: PreparedScenario, environment: Environment): Promise<readonly string[]> {
  prepared.reset()
  const end = await callCpi(prepared.cloud, prepared.request, { through: environment.wrap })
  if (end.is !== 'responded') return [JSON.stringify(end)]
  const { error, result } = end.response
  if (error !== null)
    return [`${error.type}: ${error.message}`, ...differences(prepared.before, prepared.settledState())]
  return [
    ...(prepared.comparable(result) === prepared.result ? [] : [`result ${prepared.comparable(result)}`]),
    ...differences(prepared.after, prepared.settledState(), ['description']),
  ]
}

/** Records of the other project that the clean run changed. */
function changedOfOthers({ cloud, before, after }: PreparedScenario): readonly string[] {
  const isTheirs = (line: string): boolean => line.includes(cloud.projectId(otherProject))
  return differences(before, after).filter(isTheirs)
}

/** How many lists with filters the call makes. */
async function filteredListsOf(prepared: PreparedScenario): Promise<number> {
  let count = 0
  prepared.reset()
  const through: Environment['wrap'] = (send) => (request) => {
    if (isFilteredList(request)) count += 1
    return send(request)
  }
  await callCpi(prepared.cloud, prepared.request, { through })
  return count
}

const isMeant = ({ name }: Scenario): boolean => only === undefined || only.startsWith(`${name} / `)

async function runIn(
  scenario: Scenario,
  environments: readonly Environment[],
  isChosen: (cell: string) => boolean,
): Promise<void> {
  await using prepared = await prepareScenario(scenario)
  const wrong: string[] = [...changedOfOthers(prepared)]
  const note = (kind: string, problems: readonly string[]): void => {
    const method = prepared.request.method
    const isDefect = problems.length > 0
    outcomes.push({ matrix: 'faults', method, kind, outcome: isDefect ? 'defect' : 'success', isDefect })
    wrong.push(...problems.map((problem) => `${kind}: ${problem}`))
  }
  for (const environment of environments) {
    if (isChosen(environment.name)) note(environment.name, await problemsIn(prepared, environment))
  }
  const lists = await filteredListsOf(prepared)
  for (let nth = 0; nth < lists; nth++) {
    const environment = filterIgnored(nth)
    if (isChosen(environment.name)) note('one filter ignored', await problemsIn(prepared, environment))
  }
  // What is adopted or deleted after a create without response must be ours, whatever the list returned.
  for (const cell of cellsOf(prepared).filter(({ kind }) => kind === 'reset after effect')) {
    if (!isChosen(`${cell.name}, filters ignored`)) continue
    const { outcome, details } = await runCell(prepared, cell, { through: filtersIgnored.wrap })
    const isRight = outcome === 'success' || outcome === 'clean error'
    note('reset after effect, filters ignored', isRight ? [] : [`${cell.name}: ${outcome}`, ...details.slice(0, 6)])
  }
  expect(wrong.join('\n')).toBe('')
}

const chosen = (scenario: Scenario, cell: string): boolean => {
  const name = `${scenario.name} / ${cell}`
  return only === undefined ? isInSample(sample, name) : only === name
}

test.each(scenarios.filter(isMeant))(
  '§3.4, §3.5 $name ends as usual where filters are ignored, fields refused, replicas behind',
  (scenario) =>
    runIn(besideForeignResources(scenario), [filtersIgnored, laggingReplica, portDescriptionsRefused], (cell) =>
      chosen(scenario, cell),
    ),
)

/** A part of the scenarios: each costs a life cycle in the other project. */
test.each(scenarios.filter(isMeant).filter((scenario) => only !== undefined || chosen(scenario, 'administrator')))(
  "design invariant 0: $name with an administrator's login leaves the same director's other project alone",
  (scenario) => runIn(asAdministrator(scenario), [filtersIgnored], (cell) => chosen(scenario, cell)),
)
