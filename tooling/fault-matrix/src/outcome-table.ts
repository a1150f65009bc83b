import type { CellEnd, Verdict } from './cell.ts'

/** What the table needs to know of a cell. */
export interface Outcome {
  readonly method: string
  readonly kind: string
  readonly verdict: Verdict
}

export const outcomeOf = ({ cell, verdict }: CellEnd): Outcome => ({
  method: /^\w+/.exec(cell.name)?.[0] ?? '',
  kind: cell.second === undefined ? cell.kind : `${cell.kind}, then ${cell.second.rule.name}`,
  verdict,
})

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
export const successShare = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ verdict }) => verdict === 'success').length / outcomes.length

/** The table that ends a run: one line per fault kind, one per method, and the sum. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  return [
    `Fault matrix: ${outcomes.length} cells`,
    heading('fault kind'),
    ...lines(outcomes, ({ kind }) => kind),
    heading('method'),
    ...lines(outcomes, ({ method }) => method),
    line('all', outcomes),
  ].join('\n')
}

const heading = (of: string): string =>
  `${of.padEnd(32)}${['cells', 'success', 'clean error', 'told', 'defect'].map((title) => title.padStart(13)).join('')}`

function lines(outcomes: readonly Outcome[], by: (outcome: Outcome) => string): string[] {
  const groups = Map.groupBy(outcomes, by)
  return [...groups].map(([name, group]) => line(name, group))
}

function line(name: string, outcomes: readonly Outcome[]): string {
  const count = (...verdicts: readonly Verdict[]): number =>
    outcomes.filter(({ verdict }) => verdicts.includes(verdict)).length
  const success = count('success')
  const clean = count('clean error')
  const told = count('told')
  const share = (part: number): string => `${part} ${((100 * part) / outcomes.length).toFixed(0).padStart(3)} %`
  const cells = [String(outcomes.length), share(success), share(clean), share(told)]
  const defects = String(outcomes.length - success - clean - told)
  return name.padEnd(32) + [...cells, defects].map((cell) => cell.padStart(13)).join('')
}
