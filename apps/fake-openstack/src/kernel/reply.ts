import type { Reply } from './dialect.ts'

export const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 200, body, headers })
export const created = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 201, body, headers })
/** 202, with a body or without. */
export const accepted = (body?: unknown, headers: Record<string, string> = {}): Reply => ({
  status: 202,
  body,
  headers,
})
export const noContent = (headers: Record<string, string> = {}): Reply => ({ status: 204, headers })

/** 202 without a body but with the content type of JSON: Cinder's answer to most actions. */
export const acceptedAsJson = () => accepted(undefined, { 'content-type': 'application/json' })

/** 202 without a body but with the content type of a page, as WebOb answers where an action returns nothing. */
export const acceptedAsHtml = () => accepted(undefined, { 'content-type': 'text/html; charset=UTF-8' })

/** An answer ready to go out by any transport. */
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

/** The `Response` of an answer, for transports that are shaped like `fetch`. */
export const toResponse = ({ body, ...init }: Answer): Response => new Response(body, init)

const texts: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  300: 'Multiple Choices',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** The words behind a status code, as WebOb writes them. */
export const statusText = (status: number): string => texts[status] ?? ''
