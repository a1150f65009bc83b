import type { Outcome } from '../kernel/fault-effects.ts'
import { toResponse } from '../kernel/reply.ts'

/** The error of a cut connection, as `fetch` reports it. */
const connectionReset = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })

/** The error of a connection that was not made, as `fetch` reports it. */
const connectionRefused = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) })

/** No answer: ends only when the client gives up. */
const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/** The response of an outcome; no connection and a cut one are the errors that `fetch` reports. */
export const responseOf = async (outcome: Outcome, signal: AbortSignal): Promise<Response> => {
  switch (outcome.kind) {
    case 'reset':
      throw connectionReset()
    case 'refused':
      throw connectionRefused()
    case 'silent':
      return silence(signal)
    case 'truncated':
      return cutShort(toResponse(outcome.answer), outcome.bytes)
    case 'slow':
      return slowed(toResponse(outcome.answer), outcome)
    case 'answer':
      return toResponse(outcome.answer)
  }
}

/** How a slow body comes: pieces of so many bytes, each after a pause of real time. */
export interface Trickle {
  bytes: number
  everyMs: number
}

/** The body in pieces. */
export async function* pieces(body: Uint8Array, { bytes, everyMs }: Trickle): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += bytes) {
    await new Promise((resolve) => setTimeout(resolve, everyMs))
    yield body.subarray(at, at + bytes)
  }
}

/** The response with a body that comes slowly. */
const slowed = async (response: Response, trickle: Trickle): Promise<Response> => {
  const body = new Uint8Array(await response.arrayBuffer())
  const { status, statusText, headers } = response
  if (body.byteLength === 0) return new Response(null, { status, statusText, headers })
  return new Response(ReadableStream.from(pieces(body, trickle)), { status, statusText, headers })
}

/** The response with a body that breaks off after some bytes. */
const cutShort = (response: Response, bytes: number): Response => {
  const reader = response.body?.getReader()
  let left = bytes
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = left > 0 ? await reader?.read() : undefined
      if (!part?.value) {
        controller.error(connectionReset())
        return
      }
      controller.enqueue(part.value.subarray(0, left))
      left -= part.value.byteLength
    },
  })
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
}
