import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess } from '@openstack-cpi/harness/process'

const cli = fileURLToPath(new URL('../../../apps/cli/', import.meta.url))

/** The built executable. */
export const builtExecutable = join(cli, 'bin', 'openstack-cpi.js')

/** Copies the built executable, which a build may replace while the matrix runs. @returns the path of the copy */
export async function copyExecutable(folder: string): Promise<string> {
  for (const part of ['bin', 'dist', 'package.json']) await cp(join(cli, part), join(folder, part), { recursive: true })
  return join(folder, 'bin', 'openstack-cpi.js')
}

/** Starts the executable. This Node itself runs it, so that a signal reaches it and no shell. */
export function startExecutable(
  executable: string,
  args: readonly string[],
  given: {
    readonly stdin?: string
    readonly environment: Readonly<Record<string, string>>
    /** Whether no file can be written, as on a full disk. */
    readonly isDiskFull?: boolean
  },
): RunningProcess {
  const words = [process.execPath, executable, ...args]
  const command = given.isDiskFull === true ? ['/bin/sh', '-c', 'ulimit -f 0; exec "$0" "$@"', ...words] : words
  return startProcess(command, { PATH: '/usr/bin:/bin', ...given.environment }, given.stdin)
}

export interface Leftover {
  readonly kind: string
  readonly id: string
  readonly problem?: string
}

export interface LeftoversReport {
  readonly exitCode: number | null
  readonly leftovers: readonly Leftover[]
  /** Of calls that died while they sent their response. */
  readonly undecided: readonly Leftover[]
}

/** Runs `openstack-cpi leftovers --json`. */
export async function runLeftovers(
  executable: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<LeftoversReport> {
  const { ended } = startExecutable(executable, ['leftovers', '--json', ...options], { environment })
  const { stdout, stderr, exitCode } = await ended
  // 1: leftovers exist; without a list the search did not run.
  if (stdout === '') throw new Error(`leftovers ended with ${exitCode}: ${stderr}`)
  return { ...(JSON.parse(stdout) as Omit<LeftoversReport, 'exitCode'>), exitCode } // documented
}
