import type { WireError } from '@openstack-cpi/cpi-core'
import { builtExecutable, startExecutable } from '../cpi-process.ts'
import { readResponse, wireForm } from '../cpi-request.ts'
import type { RandomFractions } from '../sample.ts'

/** How a call came to its end. */
export type Ending = 'success' | 'error' | 'killed' | 'terminated'

export interface CallResult {
  readonly ending: Ending
  /** Undefined when the process died before it responded, or responded with an error. */
  readonly result?: unknown
  readonly error?: WireError
  readonly requestId: string
}

export interface CrashingDirectorOptions {
  readonly uuid: string
  readonly configFile: string
  /** Where logins are kept between the calls. */
  readonly cacheFolder: string
  /** Where calls record results that are not yet delivered. */
  readonly recordsFolder: string
  readonly random: RandomFractions
  /** Share of the calls that get SIGKILL, and SIGTERM, at a random moment. */
  readonly kill: number
  readonly terminate: number
  /** The latest moment of a kill after its call began, ms; most come much earlier. */
  readonly latestKillMs: number
  /** First number of its request ids; directors of one storm need ranges of their own. */
  readonly firstRequest: number
}

/** A director whose workers die: some of its calls are killed at a random moment. */
export class CrashingDirector {
  readonly #options: CrashingDirectorOptions
  #sequence: number
  /** Request ids of the calls that got SIGKILL: only they may leave something. */
  readonly killed = new Set<string>()

  constructor(options: CrashingDirectorOptions) {
    this.#options = options
    this.#sequence = options.firstRequest
  }

  /** One call. Rejects when a process that was not killed gave no well-formed response: that must never happen. */
  call(method: string, args: readonly unknown[]): Promise<CallResult> {
    const { random, kill, terminate, latestKillMs } = this.#options
    const drawn = random()
    const signal = drawn < kill ? 'SIGKILL' : drawn < kill + terminate ? 'SIGTERM' : undefined
    return this.#run(method, args, signal === undefined ? undefined : { signal, afterMs: random() ** 2 * latestKillMs })
  }

  /** One call that is not killed. */
  callToEnd(method: string, args: readonly unknown[]): Promise<CallResult> {
    return this.#run(method, args, undefined)
  }

  async #run(
    method: string,
    args: readonly unknown[],
    death: { readonly signal: 'SIGKILL' | 'SIGTERM'; readonly afterMs: number } | undefined,
  ): Promise<CallResult> {
    const { uuid, configFile, cacheFolder, recordsFolder } = this.#options
    const requestId = `cpi-${this.#sequence++}`
    const { child, ended } = startExecutable(builtExecutable, [configFile], {
      stdin: wireForm({ method, arguments: args }, uuid, requestId),
      environment: { OPENSTACK_CPI_CACHE_DIR: cacheFolder, OPENSTACK_CPI_RECORDS_DIR: recordsFolder },
    })
    let isKilled = false
    const kill = (): void => {
      isKilled = child.kill(death?.signal)
    }
    // The first line of the log says that the call has begun; before that nothing can be left.
    let timer: NodeJS.Timeout | undefined
    if (death) child.stderr?.once('data', () => (timer = setTimeout(kill, death.afterMs)))
    const { stdout, stderr, exitCode, signal } = await ended
    clearTimeout(timer)
    if (signal === 'SIGKILL' && stdout === '') {
      this.killed.add(requestId)
      return { ending: 'killed', requestId }
    }
    // Before it listened to signals, and so before it created anything.
    if (signal === 'SIGTERM' && stdout === '') return { ending: 'terminated', requestId }
    // A director reads the response, however the call ended.
    const response = signal === null && exitCode !== 0 ? undefined : readResponse(stdout)
    if (response === undefined) {
      throw new Error(`${method} ${requestId} ended with ${signal ?? exitCode}: ${stdout}\n${stderr}`)
    }
    const { error, result } = response
    if (error === null) return { ending: 'success', result, requestId }
    return { ending: isKilled ? 'terminated' : 'error', error, requestId }
  }
}
