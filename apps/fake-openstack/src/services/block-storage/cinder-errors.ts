import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Handler } from '../../kernel/service.ts'

export const invalidInput = (reason: string): ApiError => badRequest(`Invalid input received: ${reason}`)
export const invalidVolume = (reason: string): ApiError => badRequest(`Invalid volume: ${reason}`)
export const invalidSnapshot = (reason: string): ApiError => badRequest(`Invalid snapshot: ${reason}`)

/** A quota's refusal: 413 with `Retry-After: 0`, the exception's name in front of the message. */
export const overLimit = (exception: string, message: string): ApiError => {
  const text = `${exception}: ${message}`
  return new ApiError(413, text, {
    headers: { 'retry-after': '0' },
    body: { overLimit: { code: 413, message: text, retryAfter: '0' } },
  })
}

/** Python's list of alternatives: `a`, `a or b`, `a, b or c`. */
export const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** A name or description as Cinder keeps it: without surrounding blanks, at most 255 characters (else 400). */
export const stripped = (entity: 'name' | 'description', value: string | null | undefined): string | null => {
  if (value === null || value === undefined) return null
  const text = value.trim()
  if (text.length > 255) throw invalidInput(`${entity} has ${text.length} characters, more than 255.`)
  return text
}

/** Answers 404 to microversions that are older than the request. */
export const since =
  (version: string, handle: Handler): Handler =>
  (call) => {
    if (!call.microversion.atLeast(version)) throw notFound('The resource could not be found.')
    return handle(call)
  }
