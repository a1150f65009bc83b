import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess } from '@openstack-cpi/harness/process'

const builtExecutable = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))

/** Starts the built executable. This Node itself runs it, so that a signal reaches it and no shell. */
export function startExecutable(
  args: readonly string[],
  given: {
    readonly stdin?: string
    readonly environment: Readonly<Record<string, string>>
    /** Whether no file can be written, as on a full disk. */
    readonly isDiskFull?: boolean
  },
): RunningProcess {
  const words = [process.execPath, builtExecutable, ...args]
  const command = given.isDiskFull === true ? ['/bin/sh', '-c', 'ulimit -f 0; exec "$0" "$@"', ...words] : words
  return startProcess(command, { PATH: '/usr/bin:/bin', ...given.environment }, given.stdin)
}

interface Leftover {
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
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<LeftoversReport> {
  const { ended } = startExecutable(['leftovers', '--json', ...options], { environment })
  const { stdout, stderr, exitCode } = await ended
  // 1: leftovers exist; without a list the search did not run.
  if (stdout === '') throw new Error(`leftovers ended with ${exitCode}: ${stderr}`)
  return { ...(JSON.parse(stdout) as Omit<LeftoversReport, 'exitCode'>), exitCode } // documented
}

/** What `leftovers` calls a kind, where that is not the singular of the services' name for it. */
const otherNames: Readonly<Record<string, string>> = { 'floating IP': 'floatingips', 'pool member': 'members' }

/** What `leftovers` lists, as `kind id` with the services' names for kinds, sorted. */
export const leftoverKeys = (leftovers: readonly Leftover[]): readonly string[] =>
  leftovers.map(({ kind, id }) => `${otherNames[kind] ?? `${kind.replace(' ', '_')}s`} ${id}`).toSorted()
