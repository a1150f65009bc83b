import { compare, type Difference } from './compare.ts'
import type { Probe, Service } from './probe.ts'
import type { Recording } from './recording.ts'

export type Verdict = 'same' | 'differs' | 'not modelled'

export interface Judged {
  readonly service: Service
  readonly name: string
  readonly verdict: Verdict
  readonly differences: readonly Difference[]
}

/** Compares what the fake answered with the recorded answers of the real cloud. */
export function judge(probes: readonly Probe[], recordings: ReadonlyMap<Service, Recording>): Judged[] {
  return probes.map(({ service, name, recorded, tolerance }) => {
    const real = recordings.get(service)?.[name]
    if (!real)
      return {
        service,
        name,
        verdict: 'differs',
        differences: [{ at: 'recording', real: 'none', fake: recorded.status }],
      }
    const differences = compare(real, recorded, tolerance)
    if (differences.length === 0) return { service, name, verdict: 'same', differences }
    const isUnmodelled = recorded.status === 501 && real.status !== 501
    return { service, name, verdict: isUnmodelled ? 'not modelled' : 'differs', differences }
  })
}
