import { tmpdir } from 'node:os'
import { createDispatcher, createSecrets, type JsonObject, type WireError } from '@openstack-cpi/cpi-core'
import { createOpenStackCpi, type SendHttp } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import { type OnTheWay, simulatedNetwork } from './simulated-network.ts'
import { type TooLongError, VirtualTime } from './virtual-time.ts'

/** Uuid of the director that makes all calls. */
export const directorUuid = '2d6ddb35-7b5a-4a23-b8a4-5c1a1d9f6f30'

/** One CPI call as a director sends it. */
export interface CpiRequest {
  readonly method: string
  readonly arguments: readonly unknown[]
  /** Properties of `openstack` beyond address and login. */
  readonly openstack?: JsonObject
}

/** What the director gets. */
export interface CpiAnswer {
  readonly result: unknown
  readonly error: WireError | null
}

/** How a call ended, with its log. */
export type CallEnd = { readonly log: readonly string[] } & (
  | { readonly is: 'answered'; readonly answer: CpiAnswer }
  | { readonly is: 'malformed'; readonly document: string }
  | { readonly is: 'stuck'; readonly why: string }
)

export interface CallOptions {
  /** Distinguishes the names that this call gives from those of other calls. */
  readonly series?: number
  readonly onTheWay?: OnTheWay
  /** Puts something between the driver and the network. */
  readonly through?: (send: SendHttp) => SendHttp
  /** Instead of the simulated network: requests go over sockets to this address of Keystone. */
  readonly overSocketsTo?: string
}

/** No call takes longer on a cloud of which one thing is broken: some waits, each ended by a rate limit of ten minutes. */
const longestCallMs = 2 * 60 * 60_000
const longestRealMs = 30_000

/** Runs one CPI call, from bytes to bytes, against the cloud, in the cloud's time. Never rejects. */
export async function callCpi(cloud: FakeOpenStack, request: CpiRequest, options: CallOptions = {}): Promise<CallEnd> {
  const log: string[] = []
  const stuck = Promise.withResolvers<string>()
  const time = new VirtualTime(cloud, longestCallMs, (error: TooLongError) => stuck.resolve(error.message))
  const timer = setTimeout(() => stuck.resolve(`no answer after ${longestRealMs} ms of real time`), longestRealMs)
  const network = simulatedNetwork(cloud, time, options.onTheWay)
  const secrets = createSecrets()
  const dispatcher = createDispatcher({
    info: { apiVersion: 3, stemcellFormats: [] },
    createCpi: (call) =>
      createOpenStackCpi({
        cloudProperties: {
          openstack: { ...login(options.overSocketsTo ?? cloud.authUrl), ...request.openstack },
          agent: {},
        },
        call,
        clock: time,
        random: { uuid: countingUuid(options.series ?? 0), fraction: () => 0.5 },
        tmpDir: tmpdir(),
        environment: {},
        userAgent: 'openstack-cpi-fault-matrix/1',
        ...(options.overSocketsTo === undefined ? { send: options.through?.(network) ?? network } : {}),
      }),
    sink: (line) => log.push(line),
    clock: { now: () => new Date(time.nowMs()), monotonicMs: () => time.monotonicMs() },
    pid: 1,
    signal: new AbortController().signal,
    secrets,
    logLevel: 'info',
  })
  try {
    const document = await Promise.race([
      dispatcher.dispatch(new TextEncoder().encode(wireForm(request))),
      stuck.promise.then((why) => ({ why })),
    ])
    if (typeof document === 'object') return { is: 'stuck', why: document.why, log }
    const answer = readAnswer(document)
    return answer === undefined ? { is: 'malformed', document, log } : { is: 'answered', answer, log }
  } finally {
    clearTimeout(timer)
  }
}

const login = (authUrl: string): JsonObject => ({
  auth_url: authUrl,
  username: 'bosh',
  api_key: 'bosh-password',
  project: 'bosh',
  domain: 'Default',
  state_timeout: 120,
})

const wireForm = ({ method, arguments: given }: CpiRequest): string =>
  JSON.stringify({
    method,
    arguments: given,
    context: { director_uuid: directorUuid, request_id: 'cpi-424242', vm: { stemcell: { api_version: 3 } } },
    api_version: 3,
  })

/** The answer, if the director would accept it (contract §4). */
function readAnswer(document: string): CpiAnswer | undefined {
  let json: unknown
  try {
    json = JSON.parse(document)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (!isRecord(json) || Object.keys(json).toSorted().join() !== 'error,log,result') return undefined
  const { error, log, result } = json
  if (typeof log !== 'string') return undefined
  if (error === null) return { result, error }
  if (result !== null || !isWireError(error)) return undefined
  return { result, error }
}

const isWireError = (value: unknown): value is WireError =>
  isRecord(value) &&
  typeof value['type'] === 'string' &&
  typeof value['message'] === 'string' &&
  value['message'] !== '' &&
  typeof value['ok_to_retry'] === 'boolean'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same uuids in each run, so that runs can be compared. */
function countingUuid(series: number): () => string {
  let count = 0
  return () => {
    count += 1
    return `c0ffee00-0000-4000-8000-${series.toString(16).padStart(4, '0')}${count.toString(16).padStart(8, '0')}`
  }
}
