import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import type { ApiVersion, Cpi, JsonObject, OptionalMethods, Secrets } from '@openstack-cpi/cpi-core'
import { createFakeOpenStack, type FakeOpenStack, type FakeOpenStackOptions, type JournalEntry } from 'fake-openstack'
import type { Clock } from '../src/clock.ts'
import type { OpenStackCpiOptions } from '../src/create-context.ts'
import { createDriverContext } from '../src/create-context.ts'
import type { DriverContext } from '../src/driver-context.ts'
import type { SendHttp } from '../src/http/exchange.ts'
import { createOpenStackCpi } from '../src/index.ts'
import type { PendingResults } from '../src/pending-results.ts'
import { recordingLog } from './recording-log.ts'

/** Uuid of the director whose calls the tests make. */
export const directorUuid = '2d6ddb35-7b5a-4a23-b8a4-5c1a1d9f6f30'
/** Request id of every call. */
export const requestId = 'cpi-424242'

/** What is special about one call. */
export interface CallOptions {
  /** User with a project of the same name; `bosh` unless told otherwise. */
  readonly user?: string
  /** More properties of `openstack`. */
  readonly openstack?: JsonObject
  readonly apiVersion?: ApiVersion
  readonly stemcellApiVersion?: number
  /** The call is interrupted, as by SIGTERM, when it first waits. */
  readonly endsWhileWaiting?: boolean
  readonly pendingResults?: PendingResults
  /** Aborts the call, beside `endsWhileWaiting`. */
  readonly signal?: AbortSignal
  /** What others do whenever the call waits. */
  readonly meanwhile?: () => Promise<unknown>
  /** Instead of the driver's own HTTP client. */
  readonly send?: SendHttp
  /** What the dice say, in [0, 1). */
  readonly fraction?: number
}

export interface DriverOnFake {
  readonly cloud: FakeOpenStack
  readonly cloudOptions: FakeOpenStackOptions
  /** Of Keystone v3. */
  readonly authUrl: string
  /** Lines of all calls, as `level message`. */
  readonly lines: readonly string[]
  /** The driver for one CPI call: like a process, it logs in anew. */
  call(given?: CallOptions): Cpi & OptionalMethods
  /** What the methods of one call work with. */
  context(given?: CallOptions): DriverContext
  /** Runs the work, and answers which API requests were made meanwhile. */
  requestsOf(work: () => Promise<unknown>): Promise<readonly JournalEntry[]>
}

export interface DriverOnFakeOptions {
  readonly cloud?: FakeOpenStackOptions
  /** Properties of `openstack` for every call. */
  readonly openstack?: JsonObject
}

/**
 * Runs `work` with the real driver in front of a fake cloud of its own, over HTTP. Time is the cloud's: where the driver
 * sleeps, the cloud's clock advances, and nothing takes real time.
 */
export async function withDriverOnFake<R>(
  work: (driver: DriverOnFake) => Promise<R>,
  options: DriverOnFakeOptions = {},
): Promise<R> {
  const driver = await openDriverOnFake(options)
  try {
    return await work(driver)
  } finally {
    await driver.cloud.close()
  }
}

/** The same, for tests that close the cloud themselves. */
export async function openDriverOnFake(options: DriverOnFakeOptions = {}): Promise<DriverOnFake> {
  const cloud = createFakeOpenStack(options.cloud)
  const { authUrl } = await cloud.listen()
  return driverFor(cloud, authUrl, options)
}

function driverFor(
  cloud: FakeOpenStack,
  authUrl: string,
  { cloud: cloudOptions = {}, openstack = {} }: DriverOnFakeOptions,
): DriverOnFake {
  const log = recordingLog()
  const optionsOf = ({
    user = 'bosh',
    openstack: more = {},
    apiVersion = 3,
    stemcellApiVersion,
    endsWhileWaiting = false,
    meanwhile,
    pendingResults,
    send,
    signal,
    fraction = 0.5,
  }: CallOptions = {}): OpenStackCpiOptions => {
    const ending = new AbortController()
    const login = { username: user, api_key: 'bosh-password', project: user, domain: 'Default' }
    return {
      cloudProperties: { openstack: { auth_url: authUrl, ...login, ...openstack, ...more }, agent: {} },
      call: {
        method: 'test',
        apiVersion,
        ...(stemcellApiVersion === undefined ? {} : { stemcellApiVersion }),
        directorUuid,
        requestId,
        configOverrides: {},
        signal: signal === undefined ? ending.signal : AbortSignal.any([ending.signal, signal]),
        log,
        secrets: noSecrets,
      },
      clock: clockOf(cloud, async () => {
        await meanwhile?.()
        if (endsWhileWaiting) ending.abort(new Error('interrupted'))
      }),
      random: { uuid: randomUUID, fraction: () => fraction },
      tmpDir: tmpdir(),
      environment: {},
      userAgent: 'openstack-cpi-test/1',
      ...(pendingResults === undefined ? {} : { pendingResults }),
      ...(send === undefined ? {} : { send }),
    }
  }
  return {
    cloud,
    cloudOptions,
    authUrl,
    lines: log.lines,
    call: (given) => createOpenStackCpi(optionsOf(given)),
    context: (given) => createDriverContext(optionsOf(given)),
    requestsOf: async (run) => {
      const before = cloud.journal.count
      await run()
      return cloud.journal.since(before)
    },
  }
}

const noSecrets: Secrets = { add: () => undefined, redact: (text) => text }

function clockOf(cloud: FakeOpenStack, beforeSleep: () => Promise<void>): Clock {
  const startMs = cloud.clock.now()
  return {
    nowMs: () => cloud.clock.now(),
    monotonicMs: () => cloud.clock.now() - startMs,
    sleep: async (ms, signal) => {
      await beforeSleep()
      signal.throwIfAborted()
      cloud.clock.advance(ms)
    },
  }
}

/** `service operation` of each request, for example `block-storage volumes.create`. */
export const named = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.map(({ service, operation }) => `${service} ${operation}`)
