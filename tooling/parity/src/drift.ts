import { compare } from './compare.ts'
import type { Probe } from './probe.ts'
import type { Recording } from './recording.ts'

/** An answer of the real cloud that is not as recorded. */
export interface Drift {
  /** Of the probe. */
  readonly name: string
  /** Where in the answer: `status`, `body.volume.status`; empty for a probe without a recording. */
  readonly at: string
  readonly text: string
}

/** What has changed since the recording was made. The outcome of a race is no change. */
export function driftSince(recording: Recording, probes: readonly Probe[]): readonly Drift[] {
  return probes.flatMap(({ name, recorded, tolerance }) => {
    const before = recording[name]
    if (before === undefined) return [{ name, at: '', text: `${name}: not recorded yet` }]
    if (tolerance.race) return []
    return compare(before, recorded, tolerance).map(({ at, real, fake }) => ({
      name,
      at,
      text: `${name}: ${at}: ${JSON.stringify(real)} has become ${JSON.stringify(fake)}`,
    }))
  })
}

/** What is in both: a cloud that answers otherwise once, under load or just started, has not changed. */
export function lasting(once: readonly Drift[], again: readonly Drift[]): readonly Drift[] {
  return once.filter(({ name, at }) => again.some((other) => other.name === name && other.at === at))
}
