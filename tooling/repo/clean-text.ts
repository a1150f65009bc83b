import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from './run-command.ts'

/** Paths that exist on one machine only do not belong into a file of the project. */
export async function findAbsolutePaths(): Promise<string | undefined> {
  const { exitCode, output } = await run(
    'git',
    ['grep', '-nIE', '(^|[^[:alnum:]._-])/(work|root|home/[a-z]+)/', '--', ':!LICENSE'],
    { quiet: true },
  )
  if (exitCode === 1) return undefined // nothing found
  return output
}

/** The lockfile pins by integrity; a registry's host in it would tie every clone to that registry. */
export async function findHostsInLockfile(): Promise<string | undefined> {
  const found = linesWithHosts(await readFile(join(root, 'pnpm-lock.yaml'), 'utf8'))
  return found.length === 0 ? undefined : found.join('\n')
}

/** The lines of a lockfile that hold a URL, with their numbers. */
export const linesWithHosts = (lockfile: string): readonly string[] =>
  lockfile
    .split('\n')
    .flatMap((line, index) => (/https?:\/\//.test(line) ? [`pnpm-lock.yaml:${index + 1}: ${line}`] : []))
