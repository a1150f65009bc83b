import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeOpenStack, type FakeOpenStack, type Snapshot } from 'fake-openstack'
import { type Ended, type Running, startExecutable } from './run-process.ts'
import { startTrapProxy, type TrapProxy } from './trap-proxy.ts'

/** The director whose calls are killed. */
export const director = '5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f'
/** Another one, in the same project. */
export const otherDirector = '11112222-6f0e-4c7a-9d1b-3a5b7c9d1e2f'

/**
 * The cloud's clock runs behind the real one by more than the age limit of `leftovers`: what a killed call makes is old
 * enough at once.
 */
const behindMs = 3 * 3_600_000

/** One answer of the CPI (contract §2). */
export interface Answer {
  readonly result: unknown
  readonly error: { readonly type: string; readonly message: string; readonly ok_to_retry: boolean } | null
}

/** A call of the contract. */
export interface Call {
  readonly method: string
  readonly args: readonly unknown[]
}

/** A cloud, a proxy in front of it, and what a director needs to call the CPI. Lanes do not share anything. */
export interface Lane {
  readonly cloud: FakeOpenStack
  readonly proxy: TrapProxy
  readonly folder: string
  /** Starts one CPI call. */
  start(call: Call, how?: { readonly directorUuid?: string; readonly openstack?: object }): Promise<Running>
  /** The result of a CPI call. Throws with the CPI's message. */
  ask(call: Call, how?: { readonly directorUuid?: string; readonly openstack?: object }): Promise<unknown>
  /** Runs `openstack-cpi leftovers --json` for the director. */
  leftovers(...options: readonly string[]): Promise<LeftoversReport>
  /** A request to the API as the operator, in process. Returns the answer's body. */
  operator(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Puts the cloud back, and forgets what killed calls have recorded. */
  restore(snapshot: Snapshot): Promise<void>
  close(): Promise<void>
}

export interface LeftoversReport {
  readonly exitCode: number | null
  readonly leftovers: readonly {
    readonly kind: string
    readonly id: string
    readonly why: string
    readonly removed?: boolean
    readonly problem?: string
  }[]
}

/** @param executable path of the built CPI */
export async function openLane(executable: string): Promise<Lane> {
  const startAt = Math.floor((Date.now() - behindMs) / 1000) * 1000
  const cloud = createFakeOpenStack({ startAt, autoAdvance: '1s', durations: { '*': '500ms' } })
  const { authUrl } = await cloud.listen()
  const proxy = await startTrapProxy()
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-crash-'))
  const records = join(folder, 'unanswered')
  const environment = { OPENSTACK_CPI_RECORDS_DIR: records }
  let sequence = 0

  const config = async (openstack: object = {}): Promise<string> => {
    const file = join(folder, `cpi-${sequence++}.json`)
    const login = { auth_url: authUrl, username: 'bosh', api_key: 'bosh-password', project: 'bosh', domain: 'Default' }
    const properties = {
      ...login,
      default_key_name: 'bosh',
      default_security_groups: ['bosh'],
      state_timeout: 60,
      wait_resource_poll_interval: 1,
      use_dhcp: false,
      connection_options: { proxy: proxy.url },
      ...openstack,
    }
    await writeFile(file, JSON.stringify({ cloud: { properties: { openstack: properties, agent: {} } } }), {
      mode: 0o600,
    })
    return file
  }

  const lane: Lane = {
    cloud,
    proxy,
    folder,
    start: async ({ method, args }, { directorUuid = director, openstack = {} } = {}) => {
      const context = {
        director_uuid: directorUuid,
        request_id: 'cpi-100001',
        vm: { stemcell: { api_version: 3 } },
      }
      const request = { method, arguments: args, context, api_version: 3 }
      return startExecutable(executable, [await config(openstack)], { stdin: JSON.stringify(request), environment })
    },
    ask: async (call, how = {}) => {
      proxy.arm()
      const ended = await (await lane.start(call, how)).ended
      const { result, error } = answerOf(ended)
      if (error !== null) throw new Error(`${call.method}: ${error.type}: ${error.message}\n${ended.stderr}`)
      return result
    },
    leftovers: async (...options) => {
      proxy.arm()
      const args = ['leftovers', '--config', await config(), '--director', director, '--json', ...options]
      await age(records)
      const { stdout, stderr, exitCode } = await startExecutable(executable, args, { environment }).ended
      if (stdout === '') throw new Error(`leftovers ended with ${exitCode}: ${stderr}`)
      return { ...(JSON.parse(stdout) as Pick<LeftoversReport, 'leftovers'>), exitCode }
    },
    operator: async (method, path, body) => {
      const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
      const response = await cloud.fetch(`${cloud.url}/${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    },
    restore: async (snapshot) => {
      cloud.restore(snapshot)
      await rm(records, { recursive: true, force: true })
    },
    close: async () => {
      await proxy.close()
      await cloud.close()
      await rm(folder, { recursive: true })
    },
  }
  return lane
}

/** Makes the records of unanswered calls as old as the cloud's clock says that what they made is. */
async function age(records: string): Promise<void> {
  const then = new Date(Date.now() - behindMs)
  const names = await readdir(records).catch(() => []) // no call has recorded anything
  for (const name of names) await utimes(join(records, name), then, then)
}

/** The one well-formed answer of a call that was not killed. Throws when there is none. */
export function answerOf({ stdout, stderr, exitCode, signal }: Ended): Answer {
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}, signal ${signal}\n${stdout}\n${stderr}`)
  const answer = JSON.parse(stdout) as Answer & { readonly log: string } // checked right here
  const keys = Object.keys(answer).sort().join()
  if (keys !== 'error,log,result') throw new Error(`not the three keys of an answer but ${keys}`)
  return answer
}
