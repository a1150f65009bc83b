import { suite } from '../../vitest.shared.ts'

export default suite({
  globalSetup: ['./suite/matrix-run.ts'],
  // Of crash scenarios, each with a cloud of its own: interrupted calls wait, so more than there are cores.
  maxConcurrency: 8,
  // One test is a whole scenario: hundreds of calls, each a process, and others beside it. The storm lasts long, too.
  testTimeout: 1_800_000,
  hookTimeout: 600_000,
})
