import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { run } from './run-command.ts'

/** A wording that docs/style.md replaces. `pattern` is a Perl regular expression for `git grep -P`. */
export interface Wording {
  readonly pattern: string
  readonly instead: string
}

/** The left column of the glossary in docs/style.md. */
export const wordings: readonly Wording[] = parse(readFileSync(new URL('./plain-words.yaml', import.meta.url), 'utf8'))

/** The glossary, its patterns, and texts of others. */
const exceptions: readonly string[] = [':!docs/style.md', ':!tooling/repo/plain-words*', ':!LICENSE']

/** Lines of the repository in which a replaced wording stands. */
export async function replacedWordings(): Promise<string | undefined> {
  const { exitCode, output } = await run(
    'git',
    ['grep', '-nIP', ...wordings.flatMap(({ pattern }) => ['-e', pattern]), '--', ...exceptions],
    { quiet: true },
  )
  if (exitCode === 1) return undefined // nothing found
  return exitCode === 0 ? `see the glossary in docs/style.md:\n${describe(output)}` : output
}

/** Puts what to write instead behind each line. */
export const describe = (lines: string): string =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const text = line.replace(/^[^:]*:\d+:/, '')
      const { instead = '' } = wordings.find(({ pattern }) => new RegExp(pattern).test(text)) ?? {}
      return `${line.trim()}   → ${instead}`
    })
    .join('\n')
