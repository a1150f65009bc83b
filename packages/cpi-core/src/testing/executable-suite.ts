import { afterEach, describe, test } from 'vitest'
import { SkippedCase } from './contract-scenario.ts'
import { executableCases } from './executable-cases.ts'
import type { CpiExecutableHarness, ExecutableOptions } from './executable-harness.ts'

/**
 * What every CPI executable owes its callers (contract §2 to §5, §12), as tests that start it: one document on stdout, exit
 * codes, signals, open handles, secrets. Call it at the top level of a vitest file. What the harness cannot show is
 * reported as skipped, with the reason.
 */
export const describeCpiExecutable = (
  name: string,
  makeHarness: () => Promise<CpiExecutableHarness> | CpiExecutableHarness,
  { timeoutMs = 60_000 }: ExecutableOptions = {},
): void => {
  describe(`CPI executable: ${name}`, () => {
    let harness: CpiExecutableHarness | undefined

    afterEach(async () => {
      await harness?.close?.()
      harness = undefined
    }, timeoutMs)

    for (const { title, run } of executableCases) {
      test(
        title,
        async ({ skip }) => {
          harness = await makeHarness()
          try {
            await run(harness)
          } catch (error) {
            if (error instanceof SkippedCase) skip(error.message)
            throw error
          }
        },
        timeoutMs,
      )
    }
  })
}
