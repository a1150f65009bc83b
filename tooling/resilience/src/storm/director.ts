import { startExecutable } from '../cpi-process.ts'
import { type CpiResponse, directorUuid, readResponse, wireForm } from '../cpi-request.ts'

/** How a call came to its end. */
export interface CallResult extends Partial<CpiResponse> {
  readonly method: string
  readonly ending: 'success' | 'error' | 'killed' | 'terminated'
}

export interface CrashingDirectorOptions {
  readonly configFile: string
  /** Where logins are kept between the calls, and where calls record results that are not yet delivered. */
  readonly environment: Readonly<Record<string, string>>
  /** A number from 0 to below 1. */
  readonly random: () => number
  /** First number of its request ids; directors of one storm need ranges of their own. */
  readonly firstRequest: number
}

/** Share of the calls that get a signal at a random moment. */
const shares = { SIGKILL: 0.25, SIGTERM: 0.1 }
/** The latest moment of a signal after its call began, ms; most come much earlier. */
const latestSignalMs = 8_000

/** How each kind of resource is deleted, in the order in which that is possible. */
const deletions = { servers: 'delete_vm', snapshots: 'delete_snapshot', volumes: 'delete_disk' } as const
type Kind = keyof typeof deletions

/** A director whose workers die: some of its calls are killed at a random moment. */
export class CrashingDirector {
  readonly #options: CrashingDirectorOptions
  readonly #calls: CallResult[] = []
  /** Everything that it was given and that was not reported as deleted since, as `kind id` of a project's inventory. */
  readonly known = new Set<string>()
  #sequence: number

  constructor(options: CrashingDirectorOptions) {
    this.#options = options
    this.#sequence = options.firstRequest
  }

  /** One call. Rejects when a process that was not killed gave no well-formed response: that must never happen. */
  async call(method: string, args: readonly unknown[]): Promise<CallResult> {
    const { random } = this.#options
    const drawn = random()
    const signal = drawn < shares.SIGKILL ? 'SIGKILL' : drawn < shares.SIGKILL + shares.SIGTERM ? 'SIGTERM' : undefined
    const result = await this.#run(method, args, signal)
    this.#calls.push(result)
    return result
  }

  /** A call that creates something, which the director knows when it succeeds. */
  async create(kind: Kind, method: string, args: readonly unknown[]): Promise<CallResult & { readonly cid?: string }> {
    const made = await this.call(method, args)
    if (made.ending !== 'success') return made
    const cid = String(Array.isArray(made.result) ? made.result[0] : made.result) // contract §6.4
    this.known.add(`${kind} ${cid}`)
    return { ...made, cid }
  }

  async delete(kind: Kind, cid: string): Promise<void> {
    const { ending } = await this.call(deletions[kind], [cid])
    if (ending === 'success') this.known.delete(`${kind} ${cid}`)
  }

  /** Deletes what it still knows, without signals. Returns what could not be deleted. */
  async deleteKnown(): Promise<readonly string[]> {
    const problems: string[] = []
    for (const [kind, method] of Object.entries(deletions)) {
      const deleteOne = async (key: string): Promise<void> => {
        const { error } = await this.#run(method, [key.replace(`${kind} `, '')])
        if (error) problems.push(`${method} ${key}: ${error.type}: ${error.message}`)
        else this.known.delete(key)
      }
      await Promise.all([...this.known].filter((key) => key.startsWith(`${kind} `)).map(deleteOne))
    }
    return problems
  }

  /** How its calls ended, with their errors: one line for each ending of a method. */
  report(): string {
    const lines = this.#calls.map(({ method, ending, error }) =>
      error ? `${method} ${ending}: ${error.type}: ${error.message.slice(0, 160)}` : `${method} ${ending}`,
    )
    const groups = [...Map.groupBy(lines.toSorted(), (line) => line)]
    return groups.map(([line, { length }]) => `${String(length).padStart(4)} x ${line}`).join('\n')
  }

  async #run(method: string, args: readonly unknown[], interruption?: keyof typeof shares): Promise<CallResult> {
    const { configFile, environment, random } = this.#options
    const signalAfterMs = interruption === undefined ? 0 : random() ** 2 * latestSignalMs
    const requestId = `cpi-${this.#sequence++}`
    const stdin = wireForm({ method, arguments: args }, directorUuid, requestId)
    const { child, ended } = startExecutable([configFile], { stdin, environment })
    let isSent = false
    let timer: NodeJS.Timeout | undefined
    const send = (): void => {
      isSent = child.kill(interruption)
    }
    // The first line of the log says that the call has begun; before that nothing can be left.
    if (interruption) child.stderr?.once('data', () => (timer = setTimeout(send, signalAfterMs)))
    const { stdout, stderr, exitCode, signal } = await ended
    clearTimeout(timer)
    if (signal === 'SIGKILL' && stdout === '') return { method, ending: 'killed' }
    // Before it listened to signals, and so before it created anything.
    if (signal === 'SIGTERM' && stdout === '') return { method, ending: 'terminated' }
    // A director reads the response, however the call ended.
    const response = signal === null && exitCode !== 0 ? undefined : readResponse(stdout)
    if (response === undefined) {
      throw new Error(`${method} ${requestId} ended with ${signal ?? exitCode}: ${stdout}\n${stderr}`)
    }
    const ending = response.error === null ? 'success' : isSent ? 'terminated' : 'error'
    return { ...response, method, ending }
  }
}
