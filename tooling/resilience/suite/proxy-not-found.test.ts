import { afterAll, expect, inject, test } from 'vitest'
import { callCpi } from '../src/cpi-call.ts'
import { differences } from '../src/faults/cloud-state.ts'
import { type Environment, proxyNotFound } from '../src/faults/environments.ts'
import { type PreparedScenario, prepareScenario } from '../src/faults/prepared-scenario.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { isInSample } from '../src/sample.ts'
import { scenarios } from '../src/scenarios/all.ts'
import { writeOutcomes } from './outcome-files.ts'

const sample = inject('sample')
const outcomes: CellOutcome[] = []
afterAll(() => writeOutcomes('9-proxy-not-found', outcomes))

/** Tags of ports and names of servers are written on a best-effort basis. */
const bestEffort = ['tags', 'name', 'hostname']

/**
 * A 404 that no service sent says nothing: the call succeeds with the usual result and state, or fails without calling an
 * object gone. Returns what is wrong.
 */
async function problemsIn(prepared: PreparedScenario, environment: Environment): Promise<readonly string[]> {
  prepared.reset()
  const end = await callCpi(prepared.cloud, prepared.request, { through: environment.wrap })
  if (end.is !== 'responded') return [JSON.stringify(end)]
  const { error, result } = end.response
  const state = prepared.settledState()
  if (error === null) {
    const seen = prepared.comparable(result)
    return [
      ...(seen === prepared.result ? [] : [`result ${seen}, not ${prepared.result}`]),
      ...differences(prepared.after, state, bestEffort),
    ]
  }
  if (/(VM|Disk|Network)NotFound$/.test(error.type)) return [`${error.type}: ${error.message}`]
  const mayHaveBegun = ['change', 'delete'].includes(prepared.scenario.purpose)
  const isOrphan = (line: string): boolean => line.startsWith(`- ${prepared.scenario.orphans} `)
  return mayHaveBegun ? [] : differences(prepared.before, state).filter((line) => !isOrphan(line))
}

test.each(scenarios)('§3.5 $name concludes nothing from the 404 of a proxy', async (scenario) => {
  await using prepared = await prepareScenario(scenario)
  const wrong: string[] = []
  for (const [index, place] of prepared.requests.entries()) {
    const isSame = ({ method, path }: typeof place): boolean => method === place.method && path === place.path
    const environment = proxyNotFound(place, prepared.requests.slice(0, index).filter(isSame).length)
    if (!isInSample(sample, `${scenario.name} / ${environment.name}`)) continue
    const problems = await problemsIn(prepared, environment)
    const isDefect = problems.length > 0
    const outcome = isDefect ? 'defect' : 'nothing concluded'
    outcomes.push({ matrix: 'faults', method: prepared.request.method, kind: '404 of a proxy', outcome, isDefect })
    wrong.push(...problems.map((problem) => `${environment.name}: ${problem.slice(0, 400)}`))
  }
  expect(wrong.join('\n')).toBe('')
})
