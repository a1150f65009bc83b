import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import type { FinishedProcess } from '@openstack-cpi/harness/process'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { createFakeOpenStack, type Snapshot } from 'fake-openstack'
import { type LeftoversReport, runLeftovers, startExecutable } from '../cpi-process.ts'
import { type CpiRequest, type CpiResponse, directorUuid, readResponse, wireForm } from '../cpi-request.ts'
import { type CallAs, createFixture } from '../fixture.ts'
import { startTrapListener } from './trap-listener.ts'

/**
 * The cloud's clock runs behind the real one by more than the age limit of `leftovers`, until that command is run: what a
 * killed call created is old enough immediately, by the clocks of both.
 */
const behindMs = 3 * 3_600_000

/** State of the folders for kept logins and for records of pending results. */
export type Folders = 'writable' | 'full' | 'impossible'

/** A cloud and what a director needs to call the built CPI, one process per call. */
export type Sandbox = Awaited<ReturnType<typeof openSandbox>>

/**
 * Opens a sandbox, which shares nothing with others.
 * @param existing what the cloud has
 */
export async function openSandbox(existing?: Snapshot) {
  const startAt = Math.floor((Date.now() - behindMs) / 1000) * 1000
  const cloud = createFakeOpenStack({ startAt, autoAdvance: '1s', durations: { '*': '500ms' } })
  if (existing !== undefined) cloud.restore(existing)
  const listener = await startTrapListener(cloud)
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-crash-'))
  const records = join(folder, 'records')
  const environment = { OPENSTACK_CPI_RECORDS_DIR: records }
  let sequence = 0

  const config = async (openstack: object = {}): Promise<string> => {
    const file = join(folder, `cpi-${sequence++}.json`)
    const properties = {
      ...fakeLogin(`${listener.url}/identity/v3`),
      default_key_name: 'bosh',
      default_security_groups: ['bosh'],
      state_timeout: 60,
      wait_resource_poll_interval: 1,
      connection_options: { read_timeout: 600 },
      ...openstack,
    }
    const document = { cloud: { properties: { openstack: properties, agent: {} } } }
    await writeFile(file, JSON.stringify(document), { mode: 0o600 })
    return file
  }

  /** Starts one CPI call. */
  const start = async (request: CpiRequest, uuid = directorUuid, folders: Folders = 'writable') =>
    startExecutable([await config(request.openstack)], {
      stdin: wireForm(request, uuid),
      environment: folders === 'writable' ? environment : foldersIn(folders === 'full' ? folder : '/proc/none'),
      isDiskFull: folders === 'full',
    })

  const fixture = createFixture({
    cloud,
    stemcellPath: await writeStemcellImage(folder),
    run: async (request, _series, uuid) => {
      listener.arm()
      return responseOf(await (await start(request, uuid)).ended)
    },
    deleteRecords: () => rmSync(records, { recursive: true, force: true }),
    [Symbol.asyncDispose]: async () => {
      await listener.close()
      await rm(folder, { recursive: true })
    },
  })
  /** Runs `openstack-cpi leftovers --json`. */
  const leftovers = async (
    options: readonly string[] = [],
    { openstack, directorUuid: uuid = directorUuid }: CallAs = {},
  ): Promise<LeftoversReport> => {
    listener.arm()
    await makeOld(records)
    cloud.clock.advance(Math.max(0, Date.now() - cloud.clock.now()))
    const words = ['--config', await config(openstack), '--director', uuid, ...options]
    return await runLeftovers(words, environment)
  }
  return { ...fixture, listener, start, leftovers }
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
