import { spawn } from 'node:child_process'

export interface Answer {
  readonly result: unknown
  readonly error: { readonly type: string; readonly message: string; readonly ok_to_retry: boolean } | null
}

/** A process that has ended. */
export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** Runs a command with nothing but the given environment. It may end without reading its input. */
export function runProcess(
  [file = '', ...words]: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string | Buffer,
  onStart: (pid: number) => void = () => undefined,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env, stdio: 'pipe', cwd: '/' })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (more: string) => {
        text[name] += more
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...text, code }))
    child.stdin.on('error', () => undefined)
    if (child.pid !== undefined) onStart(child.pid)
    child.stdin.end(input)
  })
}

/** Starts a rendered `bin/cpi` with nothing but the given environment; a non-zero exit is a failure, as for the CLI. */
export async function callCpi(
  executable: string,
  environment: Readonly<Record<string, string>>,
  request: unknown,
): Promise<Answer & { readonly stderr: string }> {
  const { stdout, stderr, code } = await runProcess([executable], environment, JSON.stringify(request))
  if (code !== 0) throw new Error(`bin/cpi ended with ${code}: ${stderr}`)
  return { ...(JSON.parse(stdout) as Answer), stderr }
}
