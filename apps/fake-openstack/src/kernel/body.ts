import { ApiError } from './api-error.ts'
import type { Dialect } from './dialect.ts'

/** oslo.middleware's default for `max_request_body_size`. */
export const defaultMaxBodyBytes = 114_688

/** The JSON body as read: its value, or why it could not be read. Thrown later, after the token has been checked. */
export type ReadBody = { value: unknown } | { error: ApiError }

/** Reads a JSON body up to a size; more is never kept. */
export const readJson = async (
  request: Request,
  dialect: Dialect,
  maxBytes: number,
  path?: string,
): Promise<ReadBody> => {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return { value: undefined }
  if (request.method === 'DELETE' && dialect.deleteBody === 'ignored') return { value: undefined }
  const text = await readText(request, maxBytes)
  if (text === undefined) return { error: tooLarge(maxBytes) }
  if (text === '') return { value: undefined }
  const written = contentTypeOf(request)
  const contentType = dialect.hasExactContentTypes ? written : written.toLowerCase()
  if (contentType !== 'application/json' && !contentType.endsWith('+json') && !contentType.endsWith('json-patch')) {
    const meaning = dialect.otherContentType(contentType)
    if (meaning !== 'parse') return { error: meaning }
  }
  if (isTooDeep(text)) return { error: dialect.malformedJson(path) }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { error: dialect.malformedJson(path) }
  }
}

/** The content type without its parameters; empty when there is none. */
export const contentTypeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''

/** For routes that take no body: whatever is sent is refused, as Glance does. */
export const refuseBody = async (request: Request, maxBytes: number): Promise<ReadBody> => {
  if (request.method === 'GET' || request.method === 'HEAD' || request.body === null) return { value: undefined }
  const text = await readText(request, maxBytes)
  if (text === '') return { value: undefined }
  return { error: new ApiError(400, 'A body is not expected with this request.') }
}

/** For routes that only ask whether there is a body: true, or undefined without one. */
export const readPresence = async (request: Request, maxBytes: number): Promise<ReadBody> => {
  if (request.body === null) return { value: undefined }
  const text = await readText(request, maxBytes)
  return text === undefined ? { error: tooLarge(maxBytes) } : { value: text === '' ? undefined : true }
}

/** About where Python's reader of JSON gives up; deeper values would overflow the stack of functions that walk them. */
const maxNesting = 900

/** Looks at the brackets outside of strings. */
const isTooDeep = (text: string): boolean => {
  if (text.length <= maxNesting) return false
  let depth = 0
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (part === '[' || part === '{') depth += 1
    else if (part === ']' || part === '}') depth -= 1
    if (depth > maxNesting) return true
  }
  return false
}

const readText = async (request: Request, maxBytes: number): Promise<string | undefined> => {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) return undefined
  if (declared > 0) return request.text()
  const chunks: Uint8Array[] = []
  let size = 0
  if (!request.body) return ''
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** oslo.middleware's refusal is a page of HTML, whatever the service. */
const tooLarge = (maxBytes: number): ApiError =>
  new ApiError(413, 'Request Entity Too Large', {
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<html>
 <head>
  <title>413 Request Entity Too Large</title>
 </head>
 <body>
  <h1>413 Request Entity Too Large</h1>
  Request is too large. Larger than max_request_body_size (${maxBytes}).<br /><br />



 </body>
</html>`,
    isOutsideApi: true,
  })
