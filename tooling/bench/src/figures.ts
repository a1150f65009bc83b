import type { ContenderFigures } from './contenders.ts'
import type { ScaleFigures } from './scale.ts'
import type { Figure } from './statistics.ts'

/** Everything that one run of the benchmarks measures. */
export interface Figures {
  readonly figures: readonly Figure[]
  /** Of the fake cloud itself; empty where it was not measured. */
  readonly fake: readonly Figure[]
  /** Each contender on each cloud. */
  readonly clouds: Readonly<Record<string, readonly ContenderFigures[]>>
  /** Many processes in parallel on each cloud. */
  readonly scale: Readonly<Record<string, readonly ScaleFigures[]>>
}
