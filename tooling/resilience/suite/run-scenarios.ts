import { expect, inject, type RunnerTask, test } from 'vitest'
import { type Cell, cellsOf } from '../src/faults/cell.ts'
import { faultFile } from '../src/faults/fault-kind.ts'
import { type PreparedScenario, prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import { doubleCellsOf } from '../src/faults/second-fault.ts'
import { type CellOutcome, type EndedCell, reportCells } from '../src/outcomes.ts'
import { isInSample } from '../src/sample.ts'
import { type Scenario, scenariosOf } from '../src/scenarios/scenarios.ts'

/** Name of a single cell to run, with its log: `FAULT_CELL='has_vm / compute servers.show #0 / 500' vitest run`. */
const only = process.env['FAULT_CELL']
const sample = only === undefined ? inject('sample') : { share: 1, seed: 0 }
/** Where cells are chosen in two steps, this share in each: of groups of cells, and in each group of its cells. */
const rootSample = { ...sample, share: Math.sqrt(sample.share) }

/** Whether a test of the scenario has anything to do. */
export const isMeant = ({ name }: Scenario): boolean => only === undefined || only.startsWith(`${name} / `)

/** Whether the sample contains a cell, or a whole test, of this name. */
export const isChosen = ({ name }: Pick<Cell, 'name'>): boolean => isInSample(sample, name)
/** The same for one of two steps: a refusal and the faults that follow it, or a test and its cells. */
export const isChosenInStep = ({ name }: Pick<Cell, 'name'>): boolean => isInSample(rootSample, name)

/** Whether a cell of the sample is to run. */
export const isWanted = ({ name }: Pick<Cell, 'name'>): boolean => only === undefined || only === name

/** Runs the cells, of which the sample was taken. Throws when one of them is a defect. */
export async function runCells(
  prepared: PreparedScenario,
  cells: readonly Cell[],
  task: RunnerTask,
): Promise<readonly CellOutcome[]> {
  const ended: EndedCell[] = []
  for (const cell of cells.filter(isWanted)) {
    const kind = cell.second === undefined ? cell.kind : `${cell.kind}, then ${cell.second.name}`
    ended.push({ ...(await runCell(prepared, cell)), name: cell.name, kind })
  }
  return reportCells(task, { matrix: 'faults', method: prepared.request.method }, ended)
}

/** One test per scenario, which runs its cells; and one for the calls that have to succeed. */
export function runScenarios(part: string): void {
  const outcomes: CellOutcome[] = []

  test.for(scenariosOf(part).filter(isMeant))('$name', async (scenario, { task }) => {
    await using prepared = await prepareScenario(scenario)
    const double = (await doubleCellsOf(prepared, isChosenInStep)).filter(isChosenInStep)
    outcomes.push(...(await runCells(prepared, [...cellsOf(prepared).filter(isChosen), ...double], task)))
  })

  // A sample is too small for shares.
  test.runIf(only === undefined && sample.share === 1)('§3.5 nine out of ten calls survive a fault that passes', () => {
    const shares = faultFile.survivable.map((kind) => {
      const own = outcomes.filter((one) => one.kind === kind)
      return [kind, own.filter(({ outcome }) => outcome === 'success').length / own.length] as const
    })
    expect(shares.filter(([, share]) => !(share > 0.9))).toEqual([])
  })
}
