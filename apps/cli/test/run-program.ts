import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built executable. */
export const executable = fileURLToPath(new URL('../bin/openstack-cpi.js', import.meta.url))

export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly nodeOptions?: readonly string[]
  /** Called once the process runs, to send it signals or close its pipes. */
  readonly meanwhile?: (child: ChildProcessWithoutNullStreams) => void
}

/** Runs a program with this Node and, as under a director, a cleared environment; collects what it says. */
export const runProgram = (
  program: string,
  args: readonly string[],
  { stdin = '', env = {}, nodeOptions = [], meanwhile }: RunOptions = {},
): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, program, ...args], {
      env: { PATH: '/usr/bin:/bin', ...env },
      stdio: 'pipe',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => {}) // a program may end without reading all
    child.on('error', reject)
    child.on('close', (exitCode) =>
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), exitCode }),
    )
    meanwhile?.(child)
    child.stdin.end(stdin)
  })

/** A request as a director sends it. */
export const aRequest = (method: string, values: readonly unknown[] = [], more: object = {}): string =>
  JSON.stringify({
    method,
    arguments: values,
    context: { director_uuid: 'd0e5', request_id: 'cpi-258561' },
    api_version: 2,
    ...more,
  })

/** The one answer a run must have given: exit code 0 and the three keys (contract §2, §4). */
export const answerOf = (run: Run) => {
  if (run.exitCode !== 0) throw new Error(`exit code ${run.exitCode}\n${run.stdout}\n${run.stderr}`)
  const answer: {
    result: unknown
    error: { type: string; message: string; ok_to_retry: boolean } | null
    log: string
  } = JSON.parse(run.stdout)
  const keys = Object.keys(answer).sort().join()
  if (keys !== 'error,log,result') throw new Error(`not the three keys but ${keys}`)
  return answer
}
