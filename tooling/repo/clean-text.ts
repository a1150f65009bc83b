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
  const lines = (await readFile(join(root, 'pnpm-lock.yaml'), 'utf8')).split('\n')
  const found = lines.flatMap((line, index) =>
    /https?:\/\//.test(line) ? [`pnpm-lock.yaml:${index + 1}: ${line}`] : [],
  )
  return found.length === 0 ? undefined : found.join('\n')
}
