import { type ChildProcess, spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../../apps/cli/', import.meta.url))

/** The built executable. This Node itself runs it, so that a signal reaches it and no shell. */
export const builtExecutable = join(cli, 'bin', 'openstack-cpi.js')

/** Copies the built executable, which a build may replace while the matrix runs. @returns the path of the copy */
export async function copyExecutable(folder: string): Promise<string> {
  for (const part of ['bin', 'dist', 'package.json']) await cp(join(cli, part), join(folder, part), { recursive: true })
  return join(folder, 'bin', 'openstack-cpi.js')
}

export interface FinishedProcess {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProcess {
  readonly child: ChildProcess
  readonly ended: Promise<FinishedProcess>
}

/** Starts the executable as a director does: with a cleared environment, its input on stdin. */
export function startProcess(
  executable: string,
  args: readonly string[],
  given: {
    readonly stdin?: string
    readonly environment?: Readonly<Record<string, string>>
    /** Whether no file can be written, as on a full disk. */
    readonly isDiskFull?: boolean
  } = {},
): RunningProcess {
  const words = [process.execPath, executable, ...args]
  const [command = '', ...rest] =
    given.isDiskFull === true ? ['/bin/sh', '-c', 'ulimit -f 0; exec "$0" "$@"', ...words] : words
  const child = spawn(command, rest, {
    env: { PATH: '/usr/bin:/bin', ...given.environment },
    stdio: 'pipe',
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => undefined) // it may be killed before it has read all
  child.stdin.end(given.stdin ?? '')
  const ended = new Promise<FinishedProcess>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) =>
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), exitCode, signal }),
    )
  })
  return { child, ended }
}
