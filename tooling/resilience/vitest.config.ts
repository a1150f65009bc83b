import { suite } from '../../vitest.shared.ts'

export default suite({
  globalSetup: ['./suite/matrix-run.ts'],
  // The series of a crash scenario take turns: about five scenarios run in parallel.
  maxConcurrency: 20,
  // One test is a whole scenario: hundreds of calls. The storm lasts longer, on a real cloud above all.
  testTimeout: 600_000,
  hookTimeout: 600_000,
})
