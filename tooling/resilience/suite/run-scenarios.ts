import { expect, inject, test } from 'vitest'
import { type CellResult, cellsOf, isFine } from '../src/faults/cell.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import { doubleCellsOf } from '../src/faults/second-fault.ts'
import { type CellOutcome, successShare, survivable } from '../src/outcome-table.ts'
import { isInSample, type Sample } from '../src/sample.ts'
import { scenariosOf } from '../src/scenarios/all.ts'

/** Name of a single cell to run, with its log: `FAULT_CELL='has_vm / compute servers.show #0 / 500' vitest run`. */
const only = process.env['FAULT_CELL']
const sample = only === undefined ? inject('sample') : { share: 1, seed: 0 }
/** Of cells with two faults: this share of the refusals, and of the faults that follow each. */
const rootSample = { ...sample, share: Math.sqrt(sample.share) }
const isWhole = only === undefined && sample.share === 1

/** One test per scenario, which runs its cells; and one for the calls that have to succeed. */
export function runScenarios(part: string): void {
  const outcomes: CellOutcome[] = []

  test.for(scenariosOf(part).filter(({ name }) => only === undefined || only.startsWith(`${name} / `)))(
    '$name',
    async (scenario, { task }) => {
      await using prepared = await prepareScenario(scenario)
      const double = await doubleCellsOf(prepared, isChosen(rootSample))
      const defects: CellResult[] = []
      const own: CellOutcome[] = []
      for (const cell of [...cellsOf(prepared).filter(isChosen(sample)), ...double.filter(isChosen(rootSample))]) {
        if (only !== undefined && only !== cell.name) continue
        const result = await runCell(prepared, cell)
        own.push(outcomeOf(result))
        if (!isFine(result.outcome)) defects.push(result)
      }
      task.meta.outcomes = own
      outcomes.push(...own)
      if (defects.length > 0) throw new Error(describeDefects(defects))
    },
  )

  // A sample is too small for shares.
  test.runIf(isWhole)('§3.5 nine out of ten calls survive a fault that passes', () => {
    const shares = survivable.map((kind) => [kind, successShare(outcomes.filter((one) => one.kind === kind))] as const)
    expect(shares.filter(([, share]) => !(share > 0.9))).toEqual([])
  })
}

const isChosen =
  (part: Sample) =>
  ({ name }: { readonly name: string }): boolean =>
    isInSample(part, name)

const outcomeOf = ({ cell, outcome }: CellResult): CellOutcome => ({
  matrix: 'faults',
  method: /^\w+/.exec(cell.name)?.[0] ?? '',
  kind: cell.second === undefined ? cell.kind : `${cell.kind}, then ${cell.second.rule.name}`,
  outcome,
  isDefect: !isFine(outcome),
})

/** All names, and the details of the first one of each outcome. */
function describeDefects(defects: readonly CellResult[]): string {
  const [first] = defects
  const examples = [...Map.groupBy(defects, ({ outcome }) => outcome).values()].flatMap((group) => group.slice(0, 1))
  return [
    `${defects.length} cells ended as no cell may:`,
    ...defects.map(({ cell, outcome }) => `  ${outcome.padEnd(14)} ${cell.name}`),
    ...examples.map(({ cell, details }) => `\n${cell.name}\n  ${details.join('\n  ')}`),
    `\nRun one cell again: FAULT_CELL=${JSON.stringify(first?.cell.name)} vitest run`,
  ].join('\n')
}
