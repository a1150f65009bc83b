import type { ContenderFigures } from './contenders.ts'
import type { FakeFigure } from './fake.ts'
import type { PollingFigures } from './polling.ts'
import type { ProcessCosts } from './process-costs.ts'
import type { ScaleFigures } from './scale.ts'
import type { UploadFigures } from './upload.ts'

/** What is measured on each cloud alike. */
export interface CloudFigures {
  readonly contenders: readonly ContenderFigures[]
  readonly upload: UploadFigures
}

/** Everything that one run of the benchmarks measures. */
export interface Figures {
  readonly process: ProcessCosts
  /** Of the fake cloud itself; empty where it was not measured. */
  readonly fake: readonly FakeFigure[]
  readonly clouds: Readonly<Record<string, CloudFigures>>
  readonly polling: readonly PollingFigures[]
  readonly scale: Readonly<Record<string, readonly ScaleFigures[]>>
}
