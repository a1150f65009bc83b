import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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
  readonly configFile: string
  readonly caFile?: string
  readonly directorUuid?: string
  /** Command and leading arguments of the CPI; default is the built executable. */
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Asked of every call; default 3. */
  readonly apiVersion?: number
}

export interface CallOptions {
  /** Further context keys: per-request configuration of a multi-CPI director. */
  readonly context?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
  readonly onSpawn?: (pid: number) => void
}

/** Methods in which a director tells the stemcell's API version (contract §3). */
const boundToVm = new Set(['create_vm', 'delete_vm', 'attach_disk', 'detach_disk'])

export interface CpiRequestOptions extends Pick<CallOptions, 'context'> {
  readonly directorUuid: string
  readonly requestId: string
  /** Default 3. */
  readonly apiVersion?: number
}

/** What a director writes to the CPI's stdin (contract §3). */
export function cpiRequest(method: string, args: readonly unknown[], options: CpiRequestOptions): string {
  const context = {
    director_uuid: options.directorUuid,
    request_id: options.requestId,
    ...(boundToVm.has(method) ? { vm: { stemcell: { api_version: 3 } } } : {}),
    ...options.context,
  }
  return JSON.stringify({ method, arguments: args, context, api_version: options.apiVersion ?? 3 })
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
    const { directorUuid = '5f1b2c8e-0000-4000-8000-00000000d1e0', apiVersion = 3 } = this.#options
    const requestId = `cpi-${this.#sequence++}`
    return this.#run(cpiRequest(method, args, { ...options, directorUuid, requestId, apiVersion }), options)
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
  async raw(stdin: string, options: CallOptions = {}): Promise<CpiAnswer> {
    return this.#run(stdin, options)
  }

  #run(stdin: string, options: CallOptions): Promise<CpiAnswer> {
    const [executable = cpiExecutable, ...leading] = this.#options.command ?? [cpiExecutable]
    const args = [...leading, this.#options.configFile, ...(this.#options.caFile ? [this.#options.caFile] : [])]
    const started = performance.now()
    return new Promise((resolve, reject) => {
      const child = spawn(executable, args, {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...this.#options.environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(options.signal ? { signal: options.signal } : {}),
      })
      if (child.pid !== undefined) options.onSpawn?.(child.pid)
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      child.on('error', reject)
      child.stdin.on('error', () => undefined) // a process that dies early is reported by its missing answer
      child.stdin.end(stdin)
      child.on('close', (exitCode) => {
        const wallMs = performance.now() - started
        const stdout = Buffer.concat(out).toString('utf8')
        const stderr = Buffer.concat(err).toString('utf8')
        try {
          const answer = JSON.parse(stdout) as Pick<CpiAnswer, 'result' | 'error' | 'log'> // checked by the suites
          resolve({ ...answer, stderr, exitCode, wallMs })
        } catch (cause) {
          reject(
            new Error(`no JSON document on stdout (exit ${exitCode}): ${stdout.slice(0, 500)}\n${stderr}`, { cause }),
          )
        }
      })
    })
  }
}
