/**
 * `npm run check`: lint, types and the nearest tests of what has changed since the last commit, or in the last commit when
 * nothing has. For use between two edits; `npm test` checks everything.
 */
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testsOf } from './changed-tests.ts'
import { typeChecks } from './checks.ts'
import { root, run } from './run-command.ts'
import { readWorkspaces } from './workspaces.ts'

let failed = false

/** Runs a step and shows its output when it fails. */
async function step(name: string, command: string, args: readonly string[]): Promise<void> {
  const begin = performance.now()
  const { exitCode, output } = await run(command, args, { quiet: true })
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (exitCode === 0) return
  console.log(output)
  failed = true
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
const checks = Promise.all([
  step('format and lint', 'biome', ['check', '--colors=off', '--no-errors-on-unmatched', ...changed]),
  ...(touched.length === 0 ? [] : typeChecks).map(({ name, args }) => step(name, 'tsc', args)),
])

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
  await step('build', 'turbo', ['run', 'build', '--output-logs=errors-only'])
}
for (const { folder, tests } of withTests) {
  await step(`${tests.length} test files of ${folder}`, 'vitest', ['run', '--root', folder, '--reporter=dot', ...tests])
}
await checks
process.exitCode = failed ? 1 : 0
