import type { Spread } from './statistics.ts'

/** One figure of the fake. Without a budget it is there to be seen. */
export interface FakeFigure {
  readonly what: string
  readonly unit: string
  readonly measured: Spread
  readonly budget?: { readonly atMost: number } | { readonly atLeast: number }
}

/** Whether the middle of the runs keeps the budget; undefined where there is none. */
export const isWithin = ({ budget, measured }: FakeFigure): boolean | undefined => {
  if (!budget) return undefined
  return 'atMost' in budget ? measured.median <= budget.atMost : measured.median >= budget.atLeast
}

/** Rows for the table: what, budget, median, spread, met or missed. */
export const fakeRows = (figures: readonly FakeFigure[]): readonly (readonly string[])[] =>
  figures.map((figure) => {
    const { what, unit, measured, budget } = figure
    const digits = measured.median >= 100 ? 0 : measured.median >= 10 ? 1 : 2
    const limit = !budget ? '' : 'atMost' in budget ? `≤ ${budget.atMost}` : `≥ ${budget.atLeast}`
    const isMet = isWithin(figure)
    return [
      what,
      limit === '' ? '' : `${limit} ${unit}`,
      `${measured.median.toFixed(digits)} ${unit}`,
      `${measured.min.toFixed(digits)}-${measured.max.toFixed(digits)}`,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]
  })
