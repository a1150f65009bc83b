/**
 * `npm test`: builds, runs every check and every suite, and ends with one line that counts them all. Checks count as tests:
 * each passes or fails. The resilience matrices run in a sample unless `--whole-matrices` is given. With `--only`, which
 * may be repeated, it runs these suites and no check.
 *
 *     node tooling/repo/test.ts [--whole-matrices] [--only WORKSPACE_FOLDER]
 */
import { readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checks } from './checks.ts'
import { root, run } from './run-command.ts'
import { readWorkspaces, type Workspace } from './workspaces.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const { values } = parseArgs({
  options: { 'whole-matrices': { type: 'boolean' }, only: { type: 'string', multiple: true } },
})
if (values['whole-matrices']) process.env['MATRIX'] = 'whole'

const suites = (await readWorkspaces()).filter(
  ({ folder, hasTests }) => hasTests && (values.only?.includes(folder) ?? true),
)
// A result of an earlier run must not be counted for a suite that did not finish now.
for (const { folder } of suites) await rm(join(root, folder, '.test-results'), { recursive: true, force: true })

const build = await run('turbo', ['run', 'build', '--output-logs=errors-only'])
if (build.exitCode !== 0) {
  console.error('the build failed')
  process.exit(1)
}

const counts: Counts[] = []
if (values.only === undefined) {
  let failed = 0
  const waiting = checks.values() // shared: each worker takes the next
  const worker = async (): Promise<void> => {
    for (const check of waiting) {
      const problem = await check.run()
      console.log(problem === undefined ? `ok     ${check.name}` : `FAILED ${check.name}\n${problem}`)
      if (problem !== undefined) failed += 1
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  counts.push({ passed: checks.length - failed, failed, skipped: 0 })
}

// Three suites in parallel on two cores: each waits for processes and guests a good part of its time.
const filters = values.only === undefined ? [] : suites.map(({ name }) => `--filter=${name}`)
await run('turbo', ['run', 'test', ...filters, '--continue', '--concurrency=3', '--output-logs=new-only'])

for (const suite of suites) {
  const { passed, failed, skipped } = await countsOf(suite)
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${suite.folder}: ${passed} passed, ${failed} failed, ${skipped} skipped`,
  )
  counts.push({ passed, failed, skipped })
}

const sum = (key: keyof Counts): number => counts.reduce((total, one) => total + one[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exitCode = sum('failed') === 0 ? 0 : 1

/** Reads the report of a suite; a suite without one has failed. */
async function countsOf({ folder }: Workspace): Promise<Counts> {
  const report = await readFile(join(root, folder, '.test-results/vitest.json'), 'utf8').catch(() => undefined)
  if (report === undefined) {
    console.log(`${folder} has no report`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const totals = JSON.parse(report) as {
    success: boolean
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTodoTests: number
  } // written by vitest
  // A suite can fail without a failing test: an error while loading a file, or after the last test.
  const failed = totals.success ? totals.numFailedTests : Math.max(1, totals.numFailedTests)
  return { passed: totals.numPassedTests, failed, skipped: totals.numPendingTests + totals.numTodoTests }
}
