import { type ChildProcess, spawn } from 'node:child_process'

/** A process that has ended. */
export interface FinishedProcess {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProcess {
  readonly child: ChildProcess
  /** Rejects only when the command could not be started. */
  readonly ended: Promise<FinishedProcess>
}

const { NODE_COMPILE_CACHE } = process.env
/** Tests may keep the code that Node compiles, as the release's wrapper does. */
const compiledCode = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

/**
 * Starts a command in `/` with the given input and nothing but the given environment, and where Node keeps compiled code if this
 * process knows a place. It may end without reading its input.
 */
export function startProcess(
  [command = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  input: string | Buffer = '',
): RunningProcess {
  const child = spawn(command, args, { env: { ...compiledCode, ...environment }, stdio: 'pipe', cwd: '/' })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (more: string) => {
      text[name] += more
    })
  }
  child.stdin.on('error', () => undefined) // a process that dies early is reported by what it has not written
  child.stdin.end(input)
  const ended = new Promise<FinishedProcess>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ ...text, exitCode, signal }))
  })
  return { child, ended }
}
