import type { Difference } from './compare.ts'
import type { Service } from './probe.ts'
import type { Release } from './recording.ts'
import { readYaml } from './yaml-file.ts'

/** A difference that stays, why, and what a test could wrongly rely on. */
export interface KnownDifference {
  readonly service: Service
  /** All when left out. */
  readonly releases?: readonly Release[]
  /** Names of the probes it is seen in. */
  readonly probes: readonly string[]
  /** Where in the answer, as a regular expression; everywhere when left out. */
  readonly at?: string
  readonly what: string
  readonly why: string
  readonly risk: string
}

interface KnownDifferences {
  readonly differences: readonly KnownDifference[]
  /** Parts of routes that are modelled otherwise: 501, in the words of the service and in the journal. */
  readonly notModelledInPart: readonly string[]
  /** What the comparison itself leaves out. */
  readonly notCompared: readonly string[]
  /** Of generated requests, how many were sent to both clouds, and what is left of the differences. */
  readonly explored: Readonly<Record<string, string | number>>
}

export const known = readYaml<KnownDifferences>(new URL('../known-differences.yaml', import.meta.url))

/** The known difference that a difference is, if any. */
export const knownAs = (
  release: Release,
  service: Service,
  probe: string,
  { at }: Difference,
): KnownDifference | undefined =>
  known.differences.find(
    (one) =>
      one.service === service &&
      (one.releases === undefined || one.releases.includes(release)) &&
      one.probes.includes(probe) &&
      (one.at === undefined || new RegExp(one.at).test(at)),
  )
