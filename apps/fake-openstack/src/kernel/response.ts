import type { Reply } from './dialect.ts'
import { statusText } from './status-text.ts'

/** An answer ready to go out by any door. */
export interface Answer {
  status: number
  statusText: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
}

/** Makes the answer of a reply: objects become JSON; text, bytes and streams go out as they are. */
export const answerOf = (reply: Reply, extraHeaders: Readonly<Record<string, string>>, method: string): Answer => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(extraHeaders)) headers[name.toLowerCase()] = value
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers[name.toLowerCase()] = value
  const { status, body } = reply
  const hasNoBody = status === 204 || status === 304 || method === 'HEAD' || body === undefined
  const answer = { status, statusText: reply.statusText ?? statusText(status), headers }
  if (method === 'HEAD' && typeof body === 'object') headers['content-type'] ??= 'application/json'
  if (hasNoBody) return { ...answer, body: null }
  if (typeof body === 'string' || body instanceof ReadableStream) return { ...answer, body }
  if (body instanceof Uint8Array) return { ...answer, body: body as Uint8Array<ArrayBuffer> } // nothing here is shared memory
  headers['content-type'] ??= 'application/json'
  return { ...answer, body: JSON.stringify(body) }
}

/** The `Response` of an answer, for doors that are shaped like `fetch`. */
export const toResponse = ({ body, ...init }: Answer): Response => new Response(body, init)
