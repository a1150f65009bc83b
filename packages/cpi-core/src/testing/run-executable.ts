import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { WireError } from '../errors/to-wire.ts'
import type { Json } from '../model/json.ts'

/** What a process wrote, and how it ended. */
export interface Run {
  readonly stdout: string
  readonly stderr: string
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
}

/** How a command is run. */
export interface RunOptions {
  /** Written to stdin, which is then closed. */
  readonly stdin?: string | Uint8Array
  /** The environment besides PATH: a director clears it (contract §2). */
  readonly env?: Readonly<Record<string, string>>
  /** The process is killed after this time, in milliseconds. Default: never. */
  readonly limitMs?: number
  /** Leave stdin open after it: as a caller that is stuck, or dead without the system having noticed. */
  readonly keepStdinOpen?: boolean
  /** Called once the process runs, to send it signals or to close its pipes. */
  readonly meanwhile?: (child: ChildProcessWithoutNullStreams) => void
}

/** Runs a command with a cleared environment, as a director does, and collects what it writes. */
export const runExecutable = (
  [file = '', ...words]: readonly string[],
  { stdin = '', env = {}, limitMs, keepStdinOpen = false, meanwhile }: RunOptions = {},
): Promise<Run> =>
  new Promise((resolve, reject) => {
    // A director promises no working directory.
    const child = spawn(file, words, {
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
      stdio: 'pipe',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => {}) // a process may end without reading everything
    child.on('error', reject)
    const limit = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.on('close', (exitCode) => {
      clearTimeout(limit)
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), exitCode })
    })
    meanwhile?.(child)
    if (keepStdinOpen) child.stdin.write(stdin)
    else child.stdin.end(stdin)
  })

/** An answer as it stands on stdout (contract §4). */
export interface Answer {
  readonly result: Json
  readonly error: WireError | null
  readonly log: string
}

/** The answer of a run. Throws unless the exit code is 0 and stdout is one JSON document with the three keys. */
export const answerOf = (run: Run): Answer => {
  if (run.exitCode !== 0) throw new Error(`exit code ${run.exitCode}\n${run.stdout}\n${run.stderr}`)
  const answer: Answer = JSON.parse(run.stdout)
  const keys = Object.keys(answer).sort().join()
  if (keys !== 'error,log,result') throw new Error(`the answer has the keys ${keys}, not error, log and result`)
  return answer
}
