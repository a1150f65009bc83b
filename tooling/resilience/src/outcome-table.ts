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

/** Kinds of faults that pass, and that a call has to survive in more than nine cases out of ten. */
export const survivable: readonly string[] = [
  '500',
  '500 after effect',
  '503',
  '503 of the service',
  '503 after effect',
  '503 Retry-After',
  '429 seconds',
  '429 date',
  '401',
  'reset',
  'reset after effect',
]

/** Share of successes, from 0 to 1. */
export const successShare = (cells: readonly CellOutcome[]): number =>
  cells.filter(({ outcome }) => outcome === 'success').length / cells.length

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
