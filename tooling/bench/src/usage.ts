import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const hook = fileURLToPath(new URL('./usage-hook.cjs', import.meta.url))

/** What one process used, as it reported itself at its end. */
export interface Usage {
  /** user + system, ms. */
  readonly cpuMs: number
  readonly peakRssMiB: number
  /** Proportional set size at the end of the process. */
  readonly pssMiB: number
}

/** An environment under which each Node process appends its usage to a file, and the reader of that file. */
export interface UsageRecorder {
  readonly environment: Readonly<Record<string, string>>
  /** Usage of the processes that ended since the last call. */
  take(): Promise<readonly Usage[]>
  close(): Promise<void>
}

export async function recordUsage(): Promise<UsageRecorder> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  const file = join(folder, 'usage')
  let read = 0
  return {
    environment: { NODE_OPTIONS: `--require=${hook}`, USAGE_FILE: file },
    take: async () => {
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
      const fresh = lines.slice(read).map((line) => JSON.parse(line) as Usage) // written by the hook
      read = lines.length
      return fresh
    },
    close: () => rm(folder, { recursive: true }),
  }
}

/** Wall time of one run of a command, ms; its output is read and thrown away. Rejects when it exits with non-zero. */
export function timeCommand(
  command: string,
  args: readonly string[],
  stdin = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin', ...environment },
    })
    child.on('error', reject)
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    child.on('close', (code) =>
      code === 0 ? resolve(performance.now() - started) : reject(new Error(`${command} ended with ${code}`)),
    )
  })
}
