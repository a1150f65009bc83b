import fc from 'fast-check'
import { fuzzRuns } from './fuzz-runs.ts'

// Only in a long run: what says nothing of its own is tried a hundred times.
fc.configureGlobal({ numRuns: fuzzRuns(100) })
