import { type Spread, spread } from './statistics.ts'

/** One method over all rounds. Requests include logins; CPU and memory are known of Node programs only. */
export interface MethodFigures {
  readonly method: string
  readonly wallMs: Spread
  readonly requests: Spread
  readonly cpuMs?: Spread
  readonly peakRssMiB?: Spread
}

export interface Sample {
  readonly wallMs: number
  readonly requests: number
  readonly cpuMs?: number
  readonly peakRssMiB?: number
}

/** Collects samples by method, in the order in which methods first came. */
export class Samples {
  readonly #samples = new Map<string, Sample[]>()

  add(method: string, sample: Sample): void {
    this.#samples.set(method, [...(this.#samples.get(method) ?? []), sample])
  }

  figures(): readonly MethodFigures[] {
    return [...this.#samples].map(([method, samples]) => {
      const cpu = samples.flatMap(({ cpuMs }) => cpuMs ?? [])
      const rss = samples.flatMap(({ peakRssMiB }) => peakRssMiB ?? [])
      return {
        method,
        wallMs: spread(samples.map(({ wallMs }) => wallMs)),
        requests: spread(samples.map(({ requests }) => requests)),
        ...(cpu.length === 0 ? {} : { cpuMs: spread(cpu) }),
        ...(rss.length === 0 ? {} : { peakRssMiB: spread(rss) }),
      }
    })
  }
}
