/**
 * `npm test`: builds, runs every check and every suite, and ends with one line that counts them all. Checks count as tests:
 * each passes or fails. The output of a suite is shown when it fails. The resilience matrices run in a sample unless
 * `--whole-matrices` is given. With `--only`, which may be repeated, it runs these suites and no check.
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

type Counts = Readonly<Record<'passed' | 'failed' | 'skipped', number>>

const { values } = parseArgs({
  options: { 'whole-matrices': { type: 'boolean' }, only: { type: 'string', multiple: true } },
})
if (values['whole-matrices']) process.env['MATRIX'] = 'whole'

const suites = (await readWorkspaces()).filter(
  ({ folder, hasTests }) => hasTests && (values.only?.includes(folder) ?? true),
)
// A result of an earlier run must not be counted for a suite that did not finish now.
for (const { folder } of suites) await rm(join(root, folder, '.test-results'), { recursive: true, force: true })

const build = await run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true })
if (build.exitCode !== 0) {
  console.error(`${build.output}\nthe build failed`)
  process.exit(1)
}

const counts: Counts[] = []
if (values.only === undefined) {
  let failed = 0
  await inParallel(checks, Math.max(2, availableParallelism()), async (check) => {
    const problem = await check.run()
    console.log(problem === undefined ? `ok     ${check.name}` : `FAILED ${check.name}\n${problem}`)
    if (problem !== undefined) failed += 1
  })
  counts.push({ passed: checks.length - failed, failed, skipped: 0 })
}

// Three suites at a time on two cores, and first those that wait for processes most: the others use the cores meanwhile.
const waitMost = ['tooling/e2e', 'tooling/resilience', 'tooling/bosh-release', 'tooling/pack-check']
const inOrder = suites.toSorted((a, b) => Number(waitMost.includes(b.folder)) - Number(waitMost.includes(a.folder)))
const running = new Set<string>()
await inParallel(inOrder, 3, async (suite) => {
  const { folder, name } = suite
  const begin = performance.now()
  showOnTerminal(running.add(folder))
  // `--only`: restoring what is built already would write files that other suites are starting.
  const args = ['run', 'test', '--only', `--filter=${name}`, '--log-prefix=none']
  const { exitCode, output } = await run('turbo', args, { quiet: true })
  const { passed, failed, skipped } = await countsOf(suite, exitCode)
  counts.push({ passed, failed, skipped })
  running.delete(folder)
  showOnTerminal(new Set())
  // Of a suite that passes only what it leaves to be read: which cells of the matrices ran, and how they ended.
  const notes =
    failed > 0 ? output : await readFile(join(root, folder, '.test-results/notes.txt'), 'utf8').catch(() => '')
  if (notes !== '') console.log(notes.trimEnd())
  const seconds = Math.round((performance.now() - begin) / 1000)
  const outcome = failed === 0 ? 'ok    ' : 'FAILED'
  console.log(`${outcome} ${folder}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`)
  showOnTerminal(running)
})

const sum = (key: keyof Counts): number => counts.reduce((total, one) => total + one[key], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exitCode = sum('failed') === 0 ? 0 : 1

/** Writes which suites are running over the last line; nothing unless somebody is watching. */
function showOnTerminal(folders: ReadonlySet<string>): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${[...folders].join(', ')}`)
}

/** Works on all items, so many at a time, in their order. */
async function inParallel<Item>(items: readonly Item[], atATime: number, work: (item: Item) => Promise<void>) {
  const waiting = items.values() // shared: each worker takes the next
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}

/** Reads the report of a suite that has ended with this exit code; a suite without one has failed. */
async function countsOf({ folder }: Workspace, exitCode: number): Promise<Counts> {
  const report = await readFile(join(root, folder, '.test-results/vitest.json'), 'utf8').catch(() => undefined)
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const total = JSON.parse(report) as Record<`num${'Passed' | 'Failed' | 'Pending' | 'Todo'}Tests`, number> // of vitest
  // A suite can fail without a failing test: an error while loading a file, or after the last test.
  const failed = exitCode === 0 ? total.numFailedTests : Math.max(1, total.numFailedTests)
  return { passed: total.numPassedTests, failed, skipped: total.numPendingTests + total.numTodoTests }
}
