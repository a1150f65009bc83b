import type { Reply } from './dialect.ts'
import { statusText } from './status-text.ts'

/** Makes the `Response` of a reply: objects become JSON, text, bytes and streams go out as they are. */
export const responseOf = (reply: Reply, extraHeaders: Readonly<Record<string, string>>, method: string): Response => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(extraHeaders)) headers[name.toLowerCase()] = value
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers[name.toLowerCase()] = value
  const hasNoBody = reply.status === 204 || reply.status === 304 || method === 'HEAD' || reply.body === undefined
  const init = { status: reply.status, statusText: reply.statusText ?? statusText(reply.status), headers }
  if (hasNoBody) return new Response(null, init)
  const { body } = reply
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream) {
    return new Response(body, init)
  }
  headers['content-type'] ??= 'application/json'
  return new Response(JSON.stringify(body), init)
}
