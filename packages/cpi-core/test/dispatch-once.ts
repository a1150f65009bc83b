import type { CpiCall } from '../src/contract/call.ts'
import type { Cpi } from '../src/contract/cpi.ts'
import { createDispatcher, type DispatcherOptions } from '../src/dispatch/dispatcher.ts'
import type { WireError } from '../src/errors/to-wire.ts'
import { createSecrets } from '../src/log/secrets.ts'
import type { Json } from '../src/model/json.ts'
import { InMemoryCpi } from '../src/testing/in-memory-cpi.ts'

export interface Outcome {
  /** The answer, word for word. */
  readonly document: string
  readonly answer: { readonly result: Json; readonly error: WireError | null; readonly log: string }
  readonly lines: readonly string[]
  /** The calls for which a driver was asked for. */
  readonly calls: readonly CpiCall[]
}

/** One request through a dispatcher of its own, at a fixed time. */
export const dispatchOnce = async (
  request: unknown,
  createCpi: (call: CpiCall) => Promise<Cpi> | Cpi = () => new InMemoryCpi(),
  options: Partial<DispatcherOptions> = {},
): Promise<Outcome> => {
  const lines: string[] = []
  const calls: CpiCall[] = []
  const dispatcher = createDispatcher({
    info: { apiVersion: 3, stemcellFormats: ['mem-raw'] },
    createCpi: (call) => {
      calls.push(call)
      return createCpi(call)
    },
    sink: (line) => lines.push(line),
    clock: { now: () => new Date('2026-08-25T14:42:44.386Z'), monotonicMs: () => 0 },
    pid: 13220,
    signal: new AbortController().signal,
    secrets: createSecrets(),
    logLevel: 'debug',
    ...options,
  })
  const bytes = request instanceof Uint8Array ? request : new TextEncoder().encode(asText(request))
  const document = await dispatcher.dispatch(bytes)
  return { document, answer: JSON.parse(document), lines, calls }
}

const asText = (request: unknown): string => (typeof request === 'string' ? request : JSON.stringify(request))

/** A request as a director sends it. */
export const aRequest = (method: string, values: readonly unknown[] = [], more: object = {}) => ({
  method,
  arguments: values,
  context: { director_uuid: 'd0e5', request_id: 'cpi-258561' },
  api_version: 2,
  ...more,
})
