import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { wordsForEmpty } from '../../kernel/validation.ts'

/** Most items on a page (`[api] max_limit`). */
export const maxPage = 1000

/** A refusal of a query parameter, in the words of Nova's schema check. */
export const badQuery = (name: string, value: string, problem: string): ApiError =>
  badRequest(`Invalid input for query parameters ${name}. Value: ${value}. ${problem}`)

/** `limit` and `marker`, checked as Nova's schemas do; the last of several values counts. */
export const limitAndMarker = (call: Call): { limit: number | undefined; marker: string | undefined } => {
  const limit = integer(call, 'limit')
  const marker = call.query.getAll('marker').at(-1)
  return { limit: limit === 0 && call.query.get('limit') === '' ? undefined : limit, marker: marker || undefined }
}

/** A non-negative number of the query; undefined when absent. */
export const integer = (call: Call, name: string): number | undefined => {
  const values = call.query.getAll(name)
  for (const value of values) {
    if (!/^[0-9]*$/.test(value)) throw badQuery(name, value, `${pythonRepr(value)} does not match '^[0-9]*$'`)
    if (value === '') throw badQuery(name, value, `'' ${wordsForEmpty(call.context.settings.release)}`)
  }
  const last = values.at(-1)
  return last === undefined ? undefined : Number(last)
}

/** Nova's sort parameters: pairs of `sort_key` and `sort_dir`, the first direction for keys without one. */
export const sortParams = (
  call: Call,
  allowed: readonly string[],
  standard: { key: string; direction: 'asc' | 'desc' },
): { key: string; descending: boolean }[] => {
  const keys = call.query.getAll('sort_key')
  const directions = call.query.getAll('sort_dir')
  for (const key of keys) {
    if (!allowed.includes(key)) {
      throw badQuery('sort_key', key, `${pythonRepr(key)} is not one of ${pythonRepr(allowed)}`)
    }
  }
  if (directions.some((direction) => direction !== 'asc' && direction !== 'desc')) {
    throw badRequest("Invalid input received: Unknown sort direction, must be 'desc' or 'asc'")
  }
  if (keys.length === 0) keys.push(standard.key)
  return keys.map((key, i) => ({ key, descending: (directions[i] ?? directions[0] ?? standard.direction) === 'desc' }))
}

/** A word of the query as a boolean; anything else is refused with the words that there are. */
export const booleanWord = (text: string): boolean => {
  if (/^(1|t|true|on|y|yes)$/i.test(text)) return true
  if (/^(0|f|false|off|n|no)$/i.test(text)) return false
  const words = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
  throw badRequest(`Unrecognized value ${pythonRepr(text)}, acceptable values are: ${words}`)
}

/** A method that this microversion does not have (too old or too new). */
export const noSuchVersion = (): ApiError => new ApiError(404, 'The resource could not be found.')

/** Refuses a call below (or from `until` on) a microversion, as if the route were not there. */
export const requireVersion = (call: Call, from: string, until?: string): void => {
  if (!call.microversion.atLeast(from) || (until !== undefined && call.microversion.atLeast(until)))
    throw noSuchVersion()
}
