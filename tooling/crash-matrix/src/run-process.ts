import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built executable; run by this Node itself, so that a signal reaches it and no shell. */
const executable = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** Starts the built executable, as a director does: with a cleared environment, its input on stdin. */
export function startExecutable(args: readonly string[], stdin = ''): Running {
  const child = spawn(process.execPath, [executable, ...args], { env: { PATH: '/usr/bin:/bin' }, stdio: 'pipe' })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => undefined) // it may be killed before it has read all
  child.stdin.end(stdin)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) =>
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), exitCode, signal }),
    )
  })
  return { child, ended }
}
