import { textTable } from '@openstack-cpi/harness/text-table'
import { builtExecutable, type Leftover, startExecutable } from '../cpi-process.ts'
import { type CpiResponse, directorUuid, readResponse, wireForm } from '../cpi-request.ts'

const endings = ['success', 'error', 'killed', 'terminated'] as const

/** How a call came to its end. */
export interface CallResult extends Partial<CpiResponse> {
  readonly method: string
  readonly ending: (typeof endings)[number]
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

/** What `leftovers` lists, as `kind id` of a project's inventory. */
export const inventoryKeys = (leftovers: readonly Leftover[]): readonly string[] =>
  leftovers.map(({ kind, id }) => `${kind.replace(' ', '_')}s ${id}`).sort()

/** A director whose workers die: some of its calls are killed at a random moment. */
export class CrashingDirector {
  readonly #options: CrashingDirectorOptions
  readonly #calls: CallResult[] = []
  /** The CIDs that it was given and that were not reported as deleted since. */
  readonly #known: Readonly<Record<Kind, Set<string>>> = {
    servers: new Set(),
    snapshots: new Set(),
    volumes: new Set(),
  }
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
    this.#known[kind].add(cid)
    return { ...made, cid }
  }

  async delete(kind: Kind, cid: string): Promise<void> {
    const { ending } = await this.call(deletions[kind], [cid])
    if (ending === 'success') this.#known[kind].delete(cid)
  }

  /** Deletes what it still knows, without signals. Returns what could not be deleted. */
  async deleteKnown(): Promise<readonly string[]> {
    const problems: string[] = []
    for (const [kind, method] of Object.entries(deletions) as [Kind, string][]) {
      const deleteOne = async (cid: string): Promise<void> => {
        const { error } = await this.#run(method, [cid])
        if (error) problems.push(`${method} ${cid}: ${error.type}: ${error.message}`)
        else this.#known[kind].delete(cid)
      }
      await Promise.all([...this.#known[kind]].map(deleteOne))
    }
    return problems
  }

  /** Everything that it knows, as `kind id` of a project's inventory. */
  owned(): readonly string[] {
    return Object.entries(this.#known).flatMap(([kind, cids]) => [...cids].map((cid) => `${kind} ${cid}`))
  }

  /** Adds resources, as `owned` returns them. */
  adopt(keys: readonly string[]): void {
    for (const key of keys) {
      const [kind = '', cid = ''] = key.split(' ')
      if (kind !== 'volumes' && kind !== 'snapshots') throw new Error(`unexpected kind: ${key}`)
      this.#known[kind].add(cid)
    }
  }

  /** How its calls ended, and their errors, the most frequent first. */
  report(): string {
    const rows = [...Map.groupBy(this.#calls, ({ method }) => method)].map(([method, calls]) => [
      method,
      ...endings.map((ending) => String(calls.filter((call) => call.ending === ending).length)),
    ])
    const texts = this.#calls
      .filter(({ ending }) => ending === 'error')
      .map(({ method, error }) => `${method}: ${error?.type}: ${error?.message.slice(0, 160)}`)
    const groups = [...Map.groupBy(texts, (text) => text).values()].sort((a, b) => b.length - a.length)
    return [textTable([['calls', ...endings], ...rows]), ...groups.map((same) => `${same.length} x ${same[0]}`)].join(
      '\n',
    )
  }

  async #run(method: string, args: readonly unknown[], interruption?: keyof typeof shares): Promise<CallResult> {
    const { configFile, environment, random } = this.#options
    const signalAfterMs = interruption === undefined ? 0 : random() ** 2 * latestSignalMs
    const requestId = `cpi-${this.#sequence++}`
    const stdin = wireForm({ method, arguments: args }, directorUuid, requestId)
    const { child, ended } = startExecutable(builtExecutable, [configFile], { stdin, environment })
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
