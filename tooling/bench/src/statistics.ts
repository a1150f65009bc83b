/** What a series of measurements says: the middle and the spread. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Throws RangeError for an empty series. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const min = sorted[0]
  const max = sorted[sorted.length - 1]
  if (min === undefined || max === undefined) throw new RangeError('no measurements')
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min
  return { min, median: (lower + upper) / 2, max }
}

/** A figure that is compared with a budget, or without one shown. */
export interface Figure {
  /** Of its line in `budgets.yaml`. */
  readonly id: string
  /** What it is a figure of, where there are several: a cloud, or a request. */
  readonly of?: string | undefined
  readonly measured: Spread
  /** Where most of it comes from in this run. */
  readonly details?: string | undefined
}

export const figure = (id: string, values: readonly number[], of?: string, details?: string): Figure => ({
  id,
  of,
  measured: spread(values),
  details,
})

type Measures = Readonly<Record<string, (() => Promise<number>) | undefined>>

/** Takes all measures in turn, `runs` times after two runs that do not count; of an absent one no values. */
export async function inTurn<T extends Measures>(
  runs: number,
  measures: T,
): Promise<{ readonly [K in keyof T]: readonly number[] }> {
  const values: Record<string, number[]> = Object.fromEntries(Object.keys(measures).map((name) => [name, []]))
  for (let run = -2; run < runs; run++) {
    for (const [name, measure] of Object.entries(measures)) {
      const value = await measure?.()
      if (run >= 0 && value !== undefined) values[name]?.push(value)
    }
  }
  return values as { [K in keyof T]: number[] } // its keys are those of the measures
}

/** Wall time of some work, ms. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
