import { writeFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { type CellEnd, cellsOf, isFine, playCell } from '../src/cell.ts'
import { type Outcome, outcomeOf, successShare, survivable } from '../src/outcome-table.ts'
import type { Scenario } from '../src/scenario.ts'
import { doubleCellsOf } from '../src/second-fault.ts'
import { openTheatre } from '../src/theatre.ts'
import { outcomesFolder } from './outcomes-folder.ts'

/** Name of a cell to be played alone, with its log: `FAULT_CELL='has_vm / compute servers.show #0 / 500' vitest run`. */
const only = process.env['FAULT_CELL']

/** One test per scenario, which plays all its cells; and one for what has to succeed. */
export function playScenarios(part: string, scenarios: readonly Scenario[]): void {
  const outcomes: Outcome[] = []

  test.each(scenarios.filter(({ name }) => only === undefined || only.startsWith(`${name} / `)))(
    '$name',
    async (scenario) => {
      await using theatre = await openTheatre(scenario)
      const defects: CellEnd[] = []
      for (const cell of [...cellsOf(theatre), ...(await doubleCellsOf(theatre))]) {
        if (only !== undefined && only !== cell.name) continue
        const end = await playCell(theatre, cell)
        outcomes.push(outcomeOf(end))
        if (!isFine(end.verdict)) defects.push(end)
      }
      if (defects.length > 0) throw new Error(describeDefects(defects))
    },
  )

  test.skipIf(only !== undefined)('nine out of ten calls survive a fault that passes', () => {
    const shares = survivable.map((kind) => [kind, successShare(outcomes.filter((one) => one.kind === kind))] as const)
    expect(shares.filter(([, share]) => !(share > 0.9))).toEqual([])
  })

  afterAll(async () => {
    await writeFile(new URL(`${part}.json`, outcomesFolder), JSON.stringify(outcomes))
  })
}

/** All names, and all there is to know of the first one of each verdict. */
function describeDefects(defects: readonly CellEnd[]): string {
  const [first] = defects
  const examples = [...Map.groupBy(defects, ({ verdict }) => verdict).values()].flatMap((group) => group.slice(0, 1))
  return [
    `${defects.length} cells ended as no cell may:`,
    ...defects.map(({ cell, verdict }) => `  ${verdict.padEnd(14)} ${cell.name}`),
    ...examples.map(({ cell, details }) => `\n${cell.name}\n  ${details.join('\n  ')}`),
    `\nPlay one cell again: FAULT_CELL=${JSON.stringify(first?.cell.name)} vitest run`,
  ].join('\n')
}
