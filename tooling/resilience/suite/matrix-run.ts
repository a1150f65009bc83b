import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type CellOutcome, outcomeTables } from '../src/outcomes.ts'
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

/**
 * Chooses the sample of a run and says which. Prints the outcomes of all tests together when they are complete, and leaves
 * their totals for `npm test` beside the report.
 */
export default function setUp(project: TestProject): () => void {
  const sample = readSample(process.env, Math.floor(Math.random() * 1_000_000))
  project.provide('sample', sample)
  console.log(describeSample(sample))
  return () => {
    const tests = project.vitest.state.getTestModules().flatMap(({ children }) => [...children.allTests()])
    const outcomes = tests.flatMap((test) => test.meta().outcomes ?? [])
    if (outcomes.length === 0) return
    const tables = outcomeTables(outcomes)
    const notes = [...tables.map(({ sums }) => sums), describeSample(sample)].join('\n')
    console.log(`${tables.map(({ table }) => table).join('\n\n')}\n${notes}`)
    const folder = join(project.config.root, '.test-results')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'notes.txt'), `${notes}\n`)
  }
}
