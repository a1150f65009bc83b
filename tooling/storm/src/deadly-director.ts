import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cpiRequest } from '@openstack-cpi/harness/director'
import type { Dice } from './dice.ts'

/** How a call came to its end. */
export type Ending = 'success' | 'error' | 'killed' | 'terminated'

export interface CallResult {
  readonly ending: Ending
  /** Undefined when the process died before it answered, or answered an error. */
  readonly result?: unknown
  readonly error?: { readonly type: string; readonly message: string; readonly ok_to_retry: boolean }
  readonly requestId: string
}

export interface DeadlyDirectorOptions {
  readonly uuid: string
  readonly configFile: string
  /** Where logins are kept between the calls. */
  readonly cacheFolder: string
  /** Where calls record what they have finished without having answered yet. */
  readonly recordsFolder: string
  readonly dice: Dice
  /** Share of the calls that get SIGKILL, and SIGTERM, at a random moment. */
  readonly kill: number
  readonly terminate: number
  /** The latest moment of a kill after its call began, ms; most come much earlier. */
  readonly latestKillMs: number
  /** First number of its request ids; directors of one storm need ranges of their own. */
  readonly firstRequest: number
}

/** The built executable, run by this Node itself, so that a signal reaches it and no shell. */
export const program = fileURLToPath(new URL('../../../apps/cli/bin/openstack-cpi.js', import.meta.url))

/** A director whose workers die: some of its calls are killed at a random moment. */
export class DeadlyDirector {
  readonly #options: DeadlyDirectorOptions
  #sequence: number
  /** Request ids of the calls that got SIGKILL: only they may leave something. */
  readonly killed = new Set<string>()

  constructor(options: DeadlyDirectorOptions) {
    this.#options = options
    this.#sequence = options.firstRequest
  }

  /** One call. Rejects when a process that was not killed gave no well-formed answer: that must never happen. */
  call(method: string, args: readonly unknown[]): Promise<CallResult> {
    const { dice, kill, terminate, latestKillMs } = this.#options
    const lot = dice.fraction()
    const signal = lot < kill ? 'SIGKILL' : lot < kill + terminate ? 'SIGTERM' : undefined
    return this.#run(
      method,
      args,
      signal === undefined ? undefined : { signal, afterMs: dice.fraction() ** 2 * latestKillMs },
    )
  }

  /** One call that is left alone. */
  spare(method: string, args: readonly unknown[]): Promise<CallResult> {
    return this.#run(method, args, undefined)
  }

  #run(
    method: string,
    args: readonly unknown[],
    death: { readonly signal: 'SIGKILL' | 'SIGTERM'; readonly afterMs: number } | undefined,
  ): Promise<CallResult> {
    const { uuid, configFile, cacheFolder, recordsFolder } = this.#options
    const requestId = `cpi-${this.#sequence++}`
    const child = spawn(process.execPath, [program, configFile], {
      env: {
        PATH: '/usr/bin:/bin',
        OPENSTACK_CPI_CACHE_DIR: cacheFolder,
        OPENSTACK_CPI_RECORDS_DIR: recordsFolder,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => undefined) // killed before it read all
    child.stdin.end(cpiRequest(method, args, { directorUuid: uuid, requestId }))
    let isStruck = false
    const strike = (): void => {
      isStruck = child.kill(death?.signal)
    }
    // The first line of the log says that the call has begun; before that nothing can be left.
    let timer: NodeJS.Timeout | undefined
    if (death) child.stderr.once('data', () => (timer = setTimeout(strike, death.afterMs)))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (exitCode, signal) => {
        clearTimeout(timer)
        const stdout = Buffer.concat(out).toString('utf8')
        if (signal === 'SIGKILL' && stdout === '') {
          this.killed.add(requestId)
          resolve({ ending: 'killed', requestId })
          return
        }
        if (signal === 'SIGTERM' && stdout === '') {
          resolve({ ending: 'terminated', requestId }) // before it listened to signals, and so before it made anything
          return
        }
        try {
          const answer = readAnswer(stdout, signal === null ? exitCode : 0) // a director reads it, however the call ended
          resolve({
            ...answer,
            requestId,
            ending: isStruck && answer.ending === 'error' ? 'terminated' : answer.ending,
          })
        } catch (cause) {
          const stderr = Buffer.concat(err).toString('utf8')
          reject(new Error(`${method} ${requestId} ended with ${signal ?? exitCode}: ${stdout}\n${stderr}`, { cause }))
        }
      })
    })
  }
}

/** The one document of a call, checked as a director does (contract §4). Throws when it is not well-formed. */
function readAnswer(stdout: string, exitCode: number | null): Omit<CallResult, 'requestId'> {
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}`)
  const { result, error, log } = JSON.parse(stdout) as Record<string, unknown> // checked right here
  if (result === undefined || typeof log !== 'string') throw new Error('a key is missing')
  if (error === null) return { ending: 'success', result }
  const { type, message, ok_to_retry } = error as Record<string, unknown> // checked right here
  if (typeof type !== 'string' || typeof message !== 'string' || typeof ok_to_retry !== 'boolean') {
    throw new Error('the error is not well-formed')
  }
  return { ending: 'error', error: { type, message, ok_to_retry } }
}
