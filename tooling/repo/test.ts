/**
 * `npm test`: builds, checks every rule, runs every suite, and ends with one line that counts them all.
 * Rules count as tests: each passes or fails.
 */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checks } from './checks.ts'
import { root, run } from './run-command.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 }

const suites: string[] = []
for (const group of ['packages', 'apps', 'tooling']) {
  for (const name of await readdir(join(root, group))) {
    const manifest = await readFile(join(root, group, name, 'package.json'), 'utf8').catch(() => undefined)
    if (!manifest) continue
    const { scripts = {} } = JSON.parse(manifest) as { scripts?: Record<string, string> }
    if ('test' in scripts) suites.push(join(group, name))
  }
}
// A result of an earlier run must not be counted for a suite that did not finish now.
for (const suite of suites) await rm(join(root, suite, '.test-results'), { recursive: true, force: true })

const build = await run('turbo', ['run', 'build', '--output-logs=errors-only'])
if (build.exitCode !== 0) {
  console.error('the build failed')
  process.exit(1)
}

for (const check of checks) {
  const problem = await check.run()
  counts[problem === undefined ? 'passed' : 'failed']++
  console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${check.name}`)
  if (problem !== undefined) console.log(problem)
}

// One suite at a time: each already uses every core.
await run('turbo', ['run', 'test', '--continue', '--concurrency=1', '--output-logs=new-only'])

for (const suite of suites) {
  const file = join(root, suite, '.test-results/vitest.json')
  const report = await readFile(file, 'utf8').catch(() => undefined)
  if (report === undefined) {
    console.log(`FAILED ${suite}: no report`)
    counts.failed++
    continue
  }
  const totals = JSON.parse(report) as {
    success: boolean
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTodoTests: number
  }
  // A suite can fail without a failing test: an error while loading a file, or after the last test.
  const failed = totals.success ? totals.numFailedTests : Math.max(1, totals.numFailedTests)
  const skipped = totals.numPendingTests + totals.numTodoTests
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${suite}: ${totals.numPassedTests} passed, ${failed} failed, ${skipped} skipped`,
  )
  counts.passed += totals.numPassedTests
  counts.failed += failed
  counts.skipped += skipped
}

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed === 0 ? 0 : 1
