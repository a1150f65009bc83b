import { type Cell, type CellResult, type Outcome, outcomes } from './cell.ts'

/** Counts outcomes by variant and signal, and prints them. */
export class OutcomeTable {
  readonly #rows = new Map<string, Map<Outcome, number>>()

  add(title: string, { signal }: Cell, { outcome }: CellResult): void {
    const key = `${title}, ${signal}`
    const row = this.#rows.get(key) ?? new Map<Outcome, number>()
    this.#rows.set(key, row)
    row.set(outcome, (row.get(outcome) ?? 0) + 1)
  }

  /** How many cells there were. */
  get size(): number {
    return sum([...this.#rows.values()].flatMap((row) => [...row.values()]))
  }

  count(outcome: Outcome): number {
    return sum([...this.#rows.values()].map((row) => row.get(outcome) ?? 0))
  }

  toString(): string {
    const used = outcomes.filter((outcome) => this.count(outcome) > 0)
    const lines = [...this.#rows].sort().map(([key, row]) => {
      const cells = used.flatMap((outcome) => (row.has(outcome) ? [`${row.get(outcome)} ${outcome}`] : []))
      return `${key.padEnd(80)} ${cells.join(', ')}`
    })
    const totals = used.map((outcome) => `${this.count(outcome)} ${outcome}`)
    return [...lines, `crash matrix: ${this.size} cells: ${totals.join(', ')}`].join('\n')
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
