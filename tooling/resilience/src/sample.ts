import { createHash } from 'node:crypto'

/** The part of the matrices that runs: all cells, or a share of them that a seed chooses. */
export interface Sample {
  /** From above 0 to 1. */
  readonly share: number
  readonly seed: number
}

/** Share of the cells that run unless MATRIX says `whole`. */
const defaultShare = 1 / 32

/**
 * Reads `MATRIX=whole` and `MATRIX_SEED`.
 * @param freshSeed used when no seed is given
 */
export function readSample(environment: Readonly<Record<string, string | undefined>>, freshSeed: number): Sample {
  const seed = Number(environment['MATRIX_SEED'] || freshSeed)
  if (!Number.isInteger(seed)) throw new Error(`MATRIX_SEED must be an integer, not ${environment['MATRIX_SEED']}`)
  const part = environment['MATRIX'] || 'sample'
  if (part !== 'sample' && part !== 'whole') throw new Error(`MATRIX must be sample or whole, not ${part}`)
  return { share: part === 'whole' ? 1 : defaultShare, seed }
}

/** Whether the sample contains the cell of this name. The same for each order of the cells. */
export function isInSample(sample: Sample, name: string): boolean {
  return sample.share >= 1 || fractionFor(sample, name) < sample.share
}

/** A number from 0 to below 1 that the seed chooses for the cell of this name. */
export const fractionFor = ({ seed }: Pick<Sample, 'seed'>, name: string): number =>
  createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32

/** Returns a source of numbers from 0 to below 1; the same seed gives the same numbers. */
export function randomFractions(seed: number): () => number {
  let count = 0
  return () => fractionFor({ seed }, String(count++))
}

/** What the run says of itself, and how to repeat it. */
export const describeSample = ({ share, seed }: Sample): string =>
  share >= 1
    ? 'Resilience matrices: all cells'
    : `Resilience matrices: one cell in ${Math.round(1 / share)}, chosen by seed ${seed} ` +
      `(MATRIX_SEED=${seed} runs the same cells, MATRIX=whole runs all)`
