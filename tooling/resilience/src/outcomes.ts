import { textTable } from '@openstack-cpi/harness/text-table'

/** How one cell of a matrix ended, for the table at the end of a run. */
export interface CellOutcome {
  readonly matrix: 'faults' | 'crashes'
  /** CPI method. */
  readonly method: string
  /** Fault, or signal and moment. */
  readonly kind: string
  readonly outcome: string
  readonly isDefect: boolean
}

/** How a cell ended, and what a developer needs to know of a defect; of another cell nothing. */
export interface Ended<Outcome extends string = string> {
  readonly outcome: Outcome
  readonly details: readonly string[]
}

/** One cell for `Outcomes`; the name names it among all. */
type EndedCell = Ended & Pick<CellOutcome, 'kind'> & { readonly name: string }

/** How the cells of one test end. */
export class Outcomes {
  readonly cells: CellOutcome[] = []
  readonly #defects: EndedCell[] = []
  readonly #of: Pick<CellOutcome, 'matrix' | 'method'>

  constructor(matrix: CellOutcome['matrix'], method: string) {
    this.#of = { matrix, method }
  }

  add(cell: EndedCell): void {
    const isDefect = cell.details.length > 0
    this.cells.push({ ...this.#of, kind: cell.kind, outcome: cell.outcome, isDefect })
    if (isDefect) this.#defects.push(cell)
  }

  /** Gives the outcomes to the table at the end of the run. Throws when there are defects: all names, and examples. */
  finish({ meta }: { readonly meta: { outcomes?: readonly CellOutcome[] } }): void {
    meta.outcomes = this.cells
    const [first] = this.#defects
    if (first === undefined) return
    const examples = [...Map.groupBy(this.#defects, ({ outcome }) => outcome).values()].flatMap(([one]) => one ?? [])
    const lines = [
      `${this.#defects.length} cells ended as no cell may:`,
      ...this.#defects.map(({ name, outcome }) => `  ${outcome.padEnd(14)} ${name}`),
      ...examples.map(({ name, details }) => `\n${name}\n  ${details.join('\n  ')}`),
      `\nRun one cell again: FAULT_CELL=${JSON.stringify(first.name)} vitest run`,
    ]
    throw new Error(lines.join('\n'))
  }
}

/** The tables that end a run: per matrix one line for each kind, one for each method, and the sum. */
export function outcomeTable(cells: readonly CellOutcome[]): string {
  return [...Map.groupBy(cells, ({ matrix }) => matrix)].map(([matrix, own]) => tableOf(matrix, own)).join('\n\n')
}

function tableOf(matrix: string, cells: readonly CellOutcome[]): string {
  const columns = [...new Set(cells.filter(({ isDefect }) => !isDefect).map(({ outcome }) => outcome))].toSorted()
  const row = (name: string, group: readonly CellOutcome[]): readonly string[] => [
    name,
    String(group.length),
    ...columns.map((column) => share(group.filter((one) => one.outcome === column && !one.isDefect).length, group)),
    String(group.filter(({ isDefect }) => isDefect).length),
  ]
  const groups = (by: 'kind' | 'method') =>
    [...Map.groupBy(cells, (one) => one[by])].map(([name, own]) => row(name, own))
  const heading = (name: string): readonly string[] => [name, 'cells', ...columns, 'defect']
  const rows = [heading('kind'), ...groups('kind'), heading('method'), ...groups('method'), row('all', cells)]
  return `Matrix of ${matrix}: ${cells.length} cells\n${textTable(rows)}`
}

const share = (part: number, group: readonly CellOutcome[]): string =>
  `${part} ${((100 * part) / group.length).toFixed(0).padStart(3)} %`
