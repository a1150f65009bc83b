import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Check } from './checks.ts'
import { root, run } from './run-command.ts'

/** Hashes of the inputs with which a check has passed; not part of the repository. */
const passedFile = join(root, 'node_modules/.cache/repo-checks.json')

export interface CheckResult {
  readonly name: string
  /** Undefined: passed. */
  readonly problem: string | undefined
  /** Whether it passed before with the same inputs and did not run again. */
  readonly isUnchanged: boolean
}

/** Runs checks in parallel and reports each when it ends. A check whose inputs have not changed does not run again. */
export async function runChecks(
  checks: readonly Check[],
  report: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const passed = await readPassed()
  const waiting = [...checks]
  const results: CheckResult[] = []
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const hash = check.inputs === undefined ? undefined : await hashOf(check.inputs)
      const isUnchanged = hash !== undefined && passed[check.name] === hash
      const problem = isUnchanged ? undefined : await check.run()
      if (hash !== undefined) {
        if (problem === undefined) passed[check.name] = hash
        else delete passed[check.name]
      }
      const result = { name: check.name, problem, isUnchanged }
      results.push(result)
      report(result)
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true })
  await writeFile(passedFile, JSON.stringify(passed))
  return results
}

async function readPassed(): Promise<Record<string, string>> {
  const text = await readFile(passedFile, 'utf8').catch(() => '{}') // the first run has none
  return JSON.parse(text) as Record<string, string> // written above
}

/** Names and contents of the files that git knows or would add below these paths. */
async function hashOf(paths: readonly string[]): Promise<string> {
  const { output } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...paths],
    { quiet: true },
  )
  const hash = createHash('sha256')
  for (const file of output.split('\0').filter((name) => name !== '')) {
    hash.update(file).update('\0')
    hash.update(await readFile(join(root, file)).catch(() => 'deleted'))
  }
  return hash.digest('hex')
}
