import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeProcess, startFake } from '@openstack-cpi/harness/fake-process'
import { startProcess } from '@openstack-cpi/harness/process'
import { timed } from './statistics.ts'

const hook = fileURLToPath(new URL('./usage-hook.cjs', import.meta.url))

/** What one process used, as it reported itself at its end. */
export interface Usage {
  /** user + system, ms. */
  readonly cpuMs: number
  readonly peakRssMiB: number
  /** Proportional set size at the end of the process. */
  readonly pssMiB: number
}

/** A folder for the files of a benchmark, and environments for its processes. */
export interface UsageRecorder {
  readonly folder: string
  /** Each Node process tells what it has used; its memory and its folder of compiled code are set as by the release's wrapper. */
  readonly environment: Readonly<Record<string, string>>
  /** The same, and calls of the CPI keep their logins there. */
  readonly withLogins: Readonly<Record<string, string>>
  /** Usage of the processes that ended since the last call. */
  take(): Promise<readonly Usage[]>
}

/** Runs some work with a folder of its own, which is removed in the end. */
async function inFolder<R>(work: (folder: string) => Promise<R>): Promise<R> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'openstack-cpi-bench-'))
  return await work(folder.path)
}

/** Runs some work with a fake cloud of its own. @param args further arguments of `fake-openstack serve` */
export const withFake = <R>(
  args: readonly string[],
  work: (fake: FakeProcess, folder: string) => Promise<R>,
): Promise<R> =>
  inFolder(async (folder) => {
    const fake = await startFake(folder, args)
    return await work(fake, folder).finally(() => fake.stop())
  })

export const recordUsage = <R>(work: (recorder: UsageRecorder) => Promise<R>): Promise<R> =>
  inFolder(async (folder) => {
    const file = join(folder, 'usage')
    const code = join(folder, 'code')
    const environment = {
      NODE_OPTIONS: `--require=${hook} --max-semi-space-size=1`,
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '131072',
      NODE_COMPILE_CACHE: code,
      USAGE_FILE: file,
    }
    let read = 0
    return await work({
      folder,
      environment,
      withLogins: { ...environment, OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') },
      take: async () => {
        const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
        const fresh = lines.slice(read).map((line) => JSON.parse(line) as Usage) // written by the hook
        read = lines.length
        return fresh
      },
    })
  })

/** Wall time of one run of a command, ms. Rejects when it exits with non-zero. */
export const timeCommand = (
  command: readonly string[],
  stdin = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<number> =>
  timed(async () => {
    const { exitCode } = await startProcess(command, { PATH: '/usr/bin:/bin', ...environment }, stdin).ended
    if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}`)
  })

/** The command of a Node that does nothing: the unit of what a call costs. */
export const bareNode: readonly string[] = [process.execPath, '-e', '0']

/** CPU time of one run of a command, ms, all its threads and children included. */
export async function cpuOf(
  command: readonly string[],
  stdin = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const script = ['/bin/bash', '-c', '"$@" >/dev/null 2>&1 || exit; times', 'bash', ...command]
  const { stdout, exitCode } = await startProcess(script, { PATH: '/usr/bin:/bin', ...environment }, stdin).ended
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}`)
  const children = stdout.trim().split('\n')[1] ?? ''
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((total, [, minutes, seconds]) => total + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}
