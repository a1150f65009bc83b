import { textTable } from '@openstack-cpi/harness/text-table'

/** How one cell of a matrix ended, for the table at the end of a run. */
export interface CellOutcome {
  readonly matrix: 'faults' | 'crashes'
  /** CPI method. */
  readonly method: string
  /** Fault, or signal and moment. */
  readonly kind: string
  readonly outcome: string
}

/** How a cell ended, and what a developer needs to know of a defect; of another cell nothing. */
export interface Ended {
  readonly outcome: string
  readonly details: readonly string[]
}

/** A cell that has ended; the name names it among all. */
export interface EndedCell extends Ended, Pick<CellOutcome, 'kind'> {
  readonly name: string
}

/**
 * Gives the cells of one test to the table at the end of the run. Throws when there are defects: all names, and examples.
 */
export function reportCells(
  { meta }: { readonly meta: { outcomes?: readonly CellOutcome[] } },
  of: Pick<CellOutcome, 'matrix' | 'method'>,
  cells: readonly EndedCell[],
): readonly CellOutcome[] {
  const defects = cells.filter(({ details }) => details.length > 0)
  const outcomes = cells.map((cell) => {
    const { kind, outcome } = cell
    return { ...of, kind, outcome: defects.includes(cell) ? 'defect' : outcome }
  })
  meta.outcomes = outcomes
  const [first] = defects
  if (first === undefined) return outcomes
  const examples = [...Map.groupBy(defects, ({ outcome }) => outcome).values()].flatMap(([one]) => one ?? [])
  const lines = [
    `${defects.length} cells ended as no cell may:`,
    ...defects.map(({ name, outcome }) => `  ${outcome.padEnd(14)} ${name}`),
    ...examples.map(({ name, details }) => `\n${name}\n  ${details.join('\n  ')}`),
    `\nRun one cell again: FAULT_CELL=${JSON.stringify(first.name)} vitest run`,
  ]
  throw new Error(lines.join('\n'))
}

/** What ends a run: for each matrix one line with its sums, and a table with a row for each kind and each method. */
export const outcomeTables = (
  cells: readonly CellOutcome[],
): readonly { readonly sums: string; readonly table: string }[] =>
  [...Map.groupBy(cells, ({ matrix }) => matrix)].map(([matrix, own]) => {
    const columns = [...new Set(own.map(({ outcome }) => outcome))].toSorted()
    const countsOf = (group: readonly CellOutcome[]): readonly number[] =>
      columns.map((column) => group.filter(({ outcome }) => outcome === column).length)
    const groups = (by: 'kind' | 'method') => [
      [by, 'cells', ...columns],
      ...[...Map.groupBy(own, (one) => one[by])].map(([name, of]) => [
        name,
        ...[of.length, ...countsOf(of)].map(String),
      ]),
    ]
    const sums = countsOf(own).map((count, index) => `${count} ${columns[index]}`)
    return {
      sums: `Matrix of ${matrix}: ${own.length} cells: ${sums.join(', ')}`,
      table: textTable([...groups('kind'), ...groups('method')]),
    }
  })
