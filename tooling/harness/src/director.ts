import { fileURLToPath } from 'node:url'
import { startProcess } from './process.ts'

/** The executable as operators and scripts start it: the shim that picks the pinned runtime. */
export const cpiExecutable = fileURLToPath(new URL('../../../node_modules/.bin/openstack-cpi', import.meta.url))

export interface CpiAnswer {
  readonly result: unknown
  readonly error: { readonly type: string; readonly message: string; readonly ok_to_retry: boolean } | null
  readonly log: string
  /** What a caller sees besides the answer. */
  readonly stderr: string
  readonly exitCode: number | null
  readonly wallMs: number
}

export interface DirectorOptions {
  /** Absent for a command that knows its own. */
  readonly configFile?: string
  readonly caFile?: string
  readonly directorUuid?: string
  /** Command and leading arguments of the CPI; default is the built executable. */
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export interface CallOptions {
  /** Further context keys: per-request configuration of a multi-CPI director. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly onSpawn?: (pid: number) => void
}

/** Methods in which a director tells the stemcell's API version (contract §3). */
const boundToVm = new Set(['create_vm', 'delete_vm', 'attach_disk', 'detach_disk'])

/** What a director writes to the CPI's stdin (contract §3). */
export function cpiRequest(
  method: string,
  args: readonly unknown[],
  options: Pick<CallOptions, 'context'> & { readonly directorUuid: string; readonly requestId: string },
): string {
  const context = {
    director_uuid: options.directorUuid,
    request_id: options.requestId,
    ...(boundToVm.has(method) ? { vm: { stemcell: { api_version: 3 } } } : {}),
    ...options.context,
  }
  return JSON.stringify({ method, arguments: args, context, api_version: 3 })
}

/**
 * Makes CPI calls as a BOSH director does: one process per call, a cleared environment, one JSON document in, one out
 * (contract §2).
 */
export class Director {
  readonly #options: DirectorOptions
  #sequence = 100_000

  constructor(options: DirectorOptions) {
    this.#options = options
  }

  /** The whole answer, errors included. Rejects only when no JSON document came back. */
  async call(method: string, args: readonly unknown[], options: CallOptions = {}): Promise<CpiAnswer> {
    const { directorUuid = '5f1b2c8e-0000-4000-8000-00000000d1e0' } = this.#options
    const requestId = `cpi-${this.#sequence++}`
    return this.raw(cpiRequest(method, args, { ...options, directorUuid, requestId }), options)
  }

  /** The result; throws an Error with the CPI's own message when the answer is an error. */
  async ask(method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    const answer = await this.call(method, args, options)
    if (answer.error) {
      throw new Error(`${method}: ${answer.error.type}: ${answer.error.message}\n${answer.stderr}`)
    }
    return answer.result
  }

  /** Sends bytes as they are. */
  async raw(stdin: string, { onSpawn }: Pick<CallOptions, 'onSpawn'> = {}): Promise<CpiAnswer> {
    const { command = [cpiExecutable], configFile, caFile, environment } = this.#options
    const words = [...command, ...[configFile, caFile].filter((word) => word !== undefined)]
    const started = performance.now()
    const { child, ended } = startProcess(words, { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment }, stdin)
    if (child.pid !== undefined) onSpawn?.(child.pid)
    const { stdout, stderr, exitCode } = await ended
    const wallMs = performance.now() - started
    try {
      const answer = JSON.parse(stdout) as Pick<CpiAnswer, 'result' | 'error' | 'log'> // checked by the suites
      return { ...answer, stderr, exitCode, wallMs }
    } catch (cause) {
      throw new Error(`no JSON document on stdout (exit ${exitCode}): ${stdout.slice(0, 500)}\n${stderr}`, { cause })
    }
  }
}
