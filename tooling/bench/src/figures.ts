import type { CloudFigures } from './bench-cloud.ts'
import type { CallCpu } from './call-cpu.ts'
import type { FakeFigure } from './fake-figure.ts'
import type { PollingFigures } from './polling.ts'
import type { ScaleFigures } from './scale.ts'
import type { StartUp } from './start-up.ts'

/** Everything that one run of the benchmarks measures. */
export interface Figures {
  readonly startUp: StartUp
  readonly callCpu: CallCpu
  /** Of the fake cloud itself; empty where it was not measured. */
  readonly fake: readonly FakeFigure[]
  readonly clouds: Readonly<Record<string, CloudFigures>>
  readonly polling: readonly PollingFigures[]
  readonly scale: Readonly<Record<string, readonly ScaleFigures[]>>
}
