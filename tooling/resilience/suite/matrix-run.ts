import type { TestProject } from 'vitest/node'
import { outcomeTable } from '../src/outcome-table.ts'
import { describeSample, readSample, type Sample } from '../src/sample.ts'
import { clearOutcomes, readOutcomes } from './outcome-files.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly sample: Sample
  }
}

/** Chooses the sample of a run and says which; prints the outcomes of all parts together when they are complete. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const sample = readSample(process.env, Math.floor(Math.random() * 1_000_000))
  project.provide('sample', sample)
  console.log(describeSample(sample))
  await clearOutcomes()
  return async () => {
    const outcomes = await readOutcomes()
    if (outcomes.length > 0) console.log(`${outcomeTable(outcomes)}\n${describeSample(sample)}`)
  }
}
