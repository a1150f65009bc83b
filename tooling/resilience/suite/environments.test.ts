import { expect, inject, type RunnerTask, test } from 'vitest'
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
  proxyNotFound,
} from '../src/faults/environments.ts'
import { type PreparedScenario, prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { isInSample } from '../src/sample.ts'
import type { Scenario } from '../src/scenario.ts'
import { otherProject } from '../src/scenarios/administrator.ts'
import { scenarios } from '../src/scenarios/all.ts'
import { asAdministrator, besideByHand } from '../src/scenarios/surroundings.ts'

const sample = inject('sample')
const only = process.env['FAULT_CELL']

/**
 * Runs the call in the environment: the result and the cloud must be as without it. Where it may fail, it must not call an
 * object gone. Returns what is wrong.
 */
async function problemsIn(prepared: PreparedScenario, environment: Environment): Promise<readonly string[]> {
  const { scenario, before, after } = prepared
  prepared.reset()
  const end = await callCpi(prepared.cloud, prepared.request, { through: environment.wrap })
  if (end.is !== 'responded') return [JSON.stringify(end)]
  const { error, result } = end.response
  const state = prepared.settledState()
  if (error === null) {
    const seen = prepared.comparable(result)
    const wrongResult = seen === prepared.result ? [] : [`result ${seen}, not ${prepared.result}`]
    return [...wrongResult, ...differences(after, state, environment.bestEffort)]
  }
  const says = `${error.type}: ${error.message}`
  if (!environment.mayFail) return [says, ...differences(before, state)]
  if (/(VM|Disk|Network)NotFound$/.test(error.type)) return [says]
  const mayHaveBegun = ['change', 'delete'].includes(scenario.purpose)
  const isOrphan = (line: string): boolean => line.startsWith(`- ${scenario.orphans} `)
  return mayHaveBegun ? [] : differences(before, state).filter((line) => !isOrphan(line))
}

/** Records of the other project that the clean run changed. */
function changedOfOthers({ cloud, before, after }: PreparedScenario): readonly string[] {
  const isTheirs = (line: string): boolean => line.includes(cloud.projectId(otherProject))
  return differences(before, after).filter(isTheirs)
}

/** An environment for each list with filters that the call makes. */
async function filtersIgnoredOneByOne(prepared: PreparedScenario): Promise<readonly Environment[]> {
  let count = 0
  prepared.reset()
  const through: Environment['wrap'] = (send) => (request) => {
    if (isFilteredList(request)) count += 1
    return send(request)
  }
  await callCpi(prepared.cloud, prepared.request, { through })
  return Array.from({ length: count }, (_, nth) => filterIgnored(nth))
}

/** A proxy's 404 to each request that the call makes. */
const proxyNotFoundOneByOne = ({ requests }: PreparedScenario): readonly Environment[] =>
  requests.map((place, index) => {
    const isSame = ({ method, path }: typeof place): boolean => method === place.method && path === place.path
    return proxyNotFound(place, requests.slice(0, index).filter(isSame).length)
  })

const isMeant = ({ name }: Scenario): boolean => only === undefined || only.startsWith(`${name} / `)
const meant = scenarios.filter(isMeant)

const isChosen = (scenario: Scenario, cell: string): boolean => {
  const name = `${scenario.name} / ${cell}`
  return only === undefined ? isInSample(sample, name) : only === name
}

/** How the cells of a test end. */
class Outcomes {
  readonly #cells: CellOutcome[] = []
  readonly wrong: string[] = []
  readonly #method: string

  constructor({ request }: PreparedScenario) {
    this.#method = request.method
  }

  add(
    { kind, name, mayFail = false }: Pick<Environment, 'kind' | 'name' | 'mayFail'>,
    problems: readonly string[],
  ): void {
    const isDefect = problems.length > 0
    const outcome = isDefect ? 'defect' : mayFail ? 'nothing concluded' : 'success'
    this.#cells.push({ matrix: 'faults', method: this.#method, kind, outcome, isDefect })
    this.wrong.push(...problems.map((problem) => `${name}: ${problem.slice(0, 1000)}`))
  }

  /** Gives the outcomes to the table at the end of the run, and fails the test when something is wrong. */
  finish({ meta }: RunnerTask): void {
    meta.outcomes = this.#cells
    expect(this.wrong.join('\n')).toBe('')
  }
}

async function runIn(scenario: Scenario, environments: readonly Environment[], task: RunnerTask): Promise<void> {
  await using prepared = await prepareScenario(scenario)
  const outcomes = new Outcomes(prepared)
  outcomes.wrong.push(...changedOfOthers(prepared))
  for (const environment of [...environments, ...(await filtersIgnoredOneByOne(prepared))]) {
    if (isChosen(scenario, environment.name)) outcomes.add(environment, await problemsIn(prepared, environment))
  }
  // What is adopted or deleted after a create without response must be ours, whatever the list returned.
  for (const cell of cellsOf(prepared).filter(({ kind }) => kind === 'reset after effect')) {
    if (!isChosen(scenario, `${cell.name}, filters ignored`)) continue
    const { outcome, details } = await runCell(prepared, cell, { through: filtersIgnored.wrap })
    const isRight = outcome === 'success' || outcome === 'clean error'
    const problems = isRight ? [] : [outcome, ...details.slice(0, 6)]
    outcomes.add({ kind: 'reset after effect, filters ignored', name: cell.name }, problems)
  }
  outcomes.finish(task)
}

test.for(meant)(
  '§3.4, §3.5 $name ends as usual where filters are ignored, fields refused, replicas behind',
  async (scenario, { task }) => {
    const usual = [filtersIgnored, laggingReplica, portDescriptionsRefused]
    await runIn(besideByHand(scenario), usual, task)
  },
)

/** A part of the scenarios: each costs a life cycle in the other project. */
test.for(meant.filter((scenario) => only !== undefined || isChosen(scenario, 'administrator')))(
  "design invariant 0: $name with an administrator's login leaves the same director's other project alone",
  (scenario, { task }) => runIn(asAdministrator(scenario), [filtersIgnored], task),
)

test.for(meant)('§3.5 $name concludes nothing from the 404 of a proxy', async (scenario, { task }) => {
  await using prepared = await prepareScenario(scenario)
  const outcomes = new Outcomes(prepared)
  for (const environment of proxyNotFoundOneByOne(prepared)) {
    if (isChosen(scenario, environment.name)) outcomes.add(environment, await problemsIn(prepared, environment))
  }
  outcomes.finish(task)
})
