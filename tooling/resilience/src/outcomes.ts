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

/** The tables that end a run: per matrix one line for each kind, one for each method, and the sum. */
export function outcomeTable(cells: readonly CellOutcome[]): string {
  return [...Map.groupBy(cells, ({ matrix }) => matrix)].map(([matrix, own]) => tableOf(matrix, own)).join('\n\n')
}

/** One line for each matrix: its cells, and how many had which outcome. */
export function outcomeTotals(cells: readonly CellOutcome[]): string {
  const lines = [...Map.groupBy(cells, ({ matrix }) => matrix)].map(([matrix, own]) => {
    const counts = [...Map.groupBy(own, ({ outcome }) => outcome)].map(
      ([outcome, { length }]) => `${length} ${outcome}`,
    )
    return `Matrix of ${matrix}: ${own.length} cells: ${counts.toSorted().join(', ')}`
  })
  return lines.join('\n')
}

function tableOf(matrix: string, cells: readonly CellOutcome[]): string {
  const columns = [...new Set(cells.map(({ outcome }) => outcome))].toSorted()
  const row = (name: string, group: readonly CellOutcome[]): readonly string[] => {
    const counts = columns.map((column) => group.filter(({ outcome }) => outcome === column).length)
    return [name, ...[group.length, ...counts].map(String)]
  }
  const groups = (by: 'kind' | 'method') => [
    [by, 'cells', ...columns],
    ...[...Map.groupBy(cells, (one) => one[by])].map(([name, own]) => row(name, own)),
  ]
  const rows = [...groups('kind'), ...groups('method'), row('all', cells)]
  return `Matrix of ${matrix}: ${cells.length} cells\n${textTable(rows)}`
}
