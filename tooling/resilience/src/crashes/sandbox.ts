import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import type { FinishedProcess, RunningProcess } from '@openstack-cpi/harness/process'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { createFakeOpenStack, type FakeOpenStack, type Snapshot } from 'fake-openstack'
import { type LeftoversReport, runLeftovers, startExecutable } from '../cpi-process.ts'
import { type CpiRequest, type CpiResponse, directorUuid, readResponse, wireForm } from '../cpi-request.ts'
import { createFixture, type Fixture } from '../fixture.ts'
import { startTrapProxy, type TrapProxy } from './trap-proxy.ts'

/**
 * The cloud's clock runs behind the real one by more than the age limit of `leftovers`, until that command is run: what a
 * killed call created is old enough immediately, by the clocks of both.
 */
const behindMs = 3 * 3_600_000

/** State of the folders for kept logins and for records of pending results. */
export type Folders = 'writable' | 'full' | 'impossible'

/** A cloud, a proxy in front of it, and what a director needs to call the CPI. Sandboxes share nothing. */
export interface Sandbox {
  readonly cloud: FakeOpenStack
  readonly proxy: TrapProxy
  readonly fixture: Fixture
  /** Starts one CPI call. */
  start(request: CpiRequest, uuid?: string, folders?: Folders): Promise<RunningProcess>
  /** Runs `openstack-cpi leftovers --json` for the director. */
  leftovers(...options: readonly string[]): Promise<LeftoversReport>
  /** The same with other properties of `openstack`. */
  leftoversWith(openstack: JsonObject): Promise<LeftoversReport>
  /** Puts the cloud back, and deletes what killed calls have recorded. */
  restore(snapshot: Snapshot): Promise<void>
  close(): Promise<void>
}

/** @param executable path of the built CPI */
export async function openSandbox(executable: string): Promise<Sandbox> {
  const startAt = Math.floor((Date.now() - behindMs) / 1000) * 1000
  const cloud = createFakeOpenStack({ startAt, autoAdvance: '1s', durations: { '*': '500ms' } })
  const { authUrl } = await cloud.listen()
  const proxy = await startTrapProxy()
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-crash-'))
  const records = join(folder, 'records')
  const environment = { OPENSTACK_CPI_RECORDS_DIR: records }
  let sequence = 0

  const config = async (openstack: object = {}): Promise<string> => {
    const file = join(folder, `cpi-${sequence++}.json`)
    const properties = {
      ...fakeLogin(authUrl),
      default_key_name: 'bosh',
      default_security_groups: ['bosh'],
      state_timeout: 60,
      wait_resource_poll_interval: 1,
      connection_options: { proxy: proxy.url, read_timeout: 600 },
      ...openstack,
    }
    await writeFile(file, JSON.stringify({ cloud: { properties: { openstack: properties, agent: {} } } }), {
      mode: 0o600,
    })
    return file
  }

  const start = async (
    request: CpiRequest,
    uuid = directorUuid,
    folders: Folders = 'writable',
  ): Promise<RunningProcess> =>
    startExecutable(executable, [await config(request.openstack)], {
      stdin: wireForm(request, uuid),
      environment: folders === 'writable' ? environment : foldersIn(folders === 'full' ? folder : '/proc/none'),
      isDiskFull: folders === 'full',
    })

  const call: Fixture['call'] = async (method, args, how = {}) => {
    proxy.arm()
    const ended = await (await start({ ...how, method, arguments: args }, how.directorUuid)).ended
    const { result, error } = responseOf(ended)
    if (error !== null) throw new Error(`${method}: ${error.type}: ${error.message}\n${ended.stderr}`)
    return result
  }

  const leftoversWith = async (openstack: JsonObject, ...options: readonly string[]): Promise<LeftoversReport> => {
    proxy.arm()
    const where = ['--config', await config(openstack), '--director', directorUuid]
    await makeOld(records)
    cloud.clock.advance(Math.max(0, Date.now() - cloud.clock.now()))
    return await runLeftovers(executable, [...where, ...options], environment)
  }

  return {
    cloud,
    proxy,
    fixture: createFixture(cloud, await writeStemcellImage(folder), call),
    start,
    leftovers: (...options) => leftoversWith({}, ...options),
    leftoversWith,
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
}

const foldersIn = (parent: string): Readonly<Record<string, string>> => ({
  OPENSTACK_CPI_CACHE_DIR: join(parent, 'full-logins'),
  OPENSTACK_CPI_RECORDS_DIR: join(parent, 'full-records'),
})

/** Makes the records of pending results as old as their resources are by the cloud's clock. */
async function makeOld(records: string): Promise<void> {
  const then = new Date(Date.now() - behindMs)
  const names = await readdir(records).catch(() => []) // no call has recorded anything
  for (const name of names) await utimes(join(records, name), then, then)
}

/** The response of a call that was not killed. Throws when it is not well-formed. */
export function responseOf({ stdout, stderr, exitCode, signal }: FinishedProcess): CpiResponse {
  const response = exitCode === 0 ? readResponse(stdout) : undefined
  if (response === undefined) throw new Error(`exit code ${exitCode}, signal ${signal}\n${stdout}\n${stderr}`)
  return response
}
