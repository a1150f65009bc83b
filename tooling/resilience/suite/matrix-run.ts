import type { TestProject } from 'vitest/node'
import { type CellOutcome, outcomeTable } from '../src/outcomes.ts'
import { describeSample, readSample, type Sample } from '../src/sample.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly sample: Sample
  }
  interface TaskMeta {
    /** Of the cells that a test has run. */
    outcomes?: readonly CellOutcome[]
  }
}

/** Chooses the sample of a run and says which; prints the outcomes of all tests together when they are complete. */
export default function setUp(project: TestProject): () => void {
  const sample = readSample(process.env, Math.floor(Math.random() * 1_000_000))
  project.provide('sample', sample)
  console.log(describeSample(sample))
  return () => {
    const tests = project.vitest.state.getTestModules().flatMap(({ children }) => [...children.allTests()])
    const outcomes = tests.flatMap((test) => test.meta().outcomes ?? [])
    if (outcomes.length > 0) console.log(`${outcomeTable(outcomes)}\n${describeSample(sample)}`)
  }
}
