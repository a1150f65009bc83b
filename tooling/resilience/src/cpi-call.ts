import { tmpdir } from 'node:os'
import { createDispatcher } from '@openstack-cpi/cpi-core'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import { createOpenStackCpi } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import { type CpiRequest, type CpiResponse, readResponse, wireForm } from './cpi-request.ts'
import { simulatedNetwork, type Through, virtualTime } from './faults/simulated-network.ts'

/** How a call ended, with its log. */
export type CallResult = { readonly log: readonly string[] } & (
  | { readonly is: 'responded'; readonly response: CpiResponse }
  | { readonly is: 'malformed'; readonly document: string }
  | { readonly is: 'hang'; readonly why: string }
)

export interface CallOptions {
  /** Distinguishes the names that this call gives from those of other calls. */
  readonly series?: number
  readonly through?: Through
}

/** With one fault a call takes some waits at most, each bounded by the rate limit budget of ten minutes. */
const longestCallMs = 2 * 60 * 60_000
const longestRealMs = 30_000

/** Runs one CPI call, from bytes to bytes, against the cloud, in the cloud's time. Never rejects. */
export async function callCpi(
  cloud: FakeOpenStack,
  request: CpiRequest,
  { series = 0, through = (send) => send }: CallOptions = {},
): Promise<CallResult> {
  const log: string[] = []
  const hang = Promise.withResolvers<{ readonly why: string }>()
  const giveUp = (why: string): void => hang.resolve({ why })
  const time = virtualTime(cloud, longestCallMs, giveUp)
  const timer = setTimeout(() => giveUp(`no response after ${longestRealMs} ms of real time`), longestRealMs)
  // The same uuids in each run, so that runs can be compared.
  let count = 0
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')
  const uuid = (): string => `c0ffee00-0000-4000-8000-${hex(series, 4)}${hex(++count, 8)}`
  const dispatcher = createDispatcher({
    info: { apiVersion: 3, stemcellFormats: [] },
    createCpi: (call) =>
      createOpenStackCpi({
        cloudProperties: {
          openstack: { ...fakeLogin(cloud.authUrl), state_timeout: 120, ...request.openstack },
          agent: {},
        },
        call,
        clock: time,
        random: { uuid, fraction: () => 0.5 },
        tmpDir: tmpdir(),
        environment: {},
        userAgent: 'openstack-cpi-resilience/1',
        send: simulatedNetwork(cloud, time, through),
      }),
    sink: (line) => log.push(line),
    clock: { now: () => new Date(time.nowMs()), monotonicMs: () => time.monotonicMs() },
  })
  try {
    const document = await Promise.race([
      dispatcher.dispatch(new TextEncoder().encode(wireForm(request))),
      hang.promise,
    ])
    if (typeof document === 'object') return { is: 'hang', ...document, log }
    const response = readResponse(document)
    return response === undefined ? { is: 'malformed', document, log } : { is: 'responded', response, log }
  } finally {
    clearTimeout(timer)
  }
}
