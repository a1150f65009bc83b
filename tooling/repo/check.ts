/**
 * `npm run check`: lint, types, rules of the text, and the nearest tests of what has changed since the last commit, or in
 * the last commit when nothing has. For use between two edits; `npm test` checks everything.
 */
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testsOf } from './changed-tests.ts'
import { type Check, command, textChecks, typeChecks } from './checks.ts'
import { root, run } from './run-command.ts'
import { readWorkspaces } from './workspaces.ts'

let failed = false

/** Says whether the step succeeds, and shows what is wrong. */
async function step({ name, run }: Check): Promise<void> {
  const begin = performance.now()
  const problem = await run()
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(problem === undefined ? `ok     ${name} (${seconds} s)` : `FAILED ${name} (${seconds} s)\n${problem}`)
  failed ||= problem !== undefined
}

async function git(...args: readonly string[]): Promise<readonly string[]> {
  const { output } = await run('git', args, { quiet: true })
  return output.split('\n').filter((line) => line !== '')
}

const uncommitted = [
  ...(await git('diff', '--name-only', '--diff-filter=d', 'HEAD')),
  ...(await git('ls-files', '--others', '--exclude-standard')),
]
const changed =
  uncommitted.length > 0 ? uncommitted : await git('diff', '--name-only', '--diff-filter=d', 'HEAD~1', 'HEAD')
console.log(`${changed.length} files changed ${uncommitted.length > 0 ? 'since' : 'in'} the last commit`)

if (changed.length === 0) process.exit()

const touched = (await readWorkspaces()).filter(({ folder }) => changed.some((file) => file.startsWith(`${folder}/`)))
const lint = command('biome', 'check', '--colors=off', '--no-errors-on-unmatched', ...changed)
const checks = Promise.all(
  [{ name: 'format and lint', run: lint }, ...textChecks, ...(touched.length === 0 ? [] : typeChecks)].map(step),
)

const selected = await Promise.all(
  touched
    .filter(({ hasTests }) => hasTests)
    .map(async ({ folder }) => {
      const sources = new Map<string, string>()
      for await (const file of glob('**/*.ts', { cwd: join(root, folder), exclude: ['node_modules', 'dist'] })) {
        sources.set(file, await readFile(join(root, folder, file), 'utf8'))
      }
      const own = changed.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1))
      return { folder, tests: testsOf(own, sources) }
    }),
)
const withTests = selected.filter(({ tests }) => tests.length > 0)

// Sources are tested as they are in the packages; everything else starts the built executables.
if (withTests.some(({ folder }) => !folder.startsWith('packages/'))) {
  await step({ name: 'build', run: command('turbo', 'run', 'build', '--output-logs=errors-only') })
}
for (const { folder, tests } of withTests) {
  const run = command('vitest', 'run', '--root', folder, '--reporter=dot', ...tests)
  await step({ name: `${tests.length} test files of ${folder}`, run })
}
await checks
process.exitCode = failed ? 1 : 0
