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

/** The median of the ratios pair by pair: noise that hits both sides of a pair cancels out. */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  return spread(numerators.map((value, index) => value / (denominators[index] ?? Number.NaN))).median
}
