import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'

/** How the text of a query selects by a field of a document. */
export type FieldType = 'text' | 'flag'

/** Keystone's comparisons: `name=x`, `name__contains=x`, `name__icontains`, `__startswith`, `__endswith` and so on. */
const comparisons: Readonly<Record<string, (stored: string, wanted: string) => boolean>> = {
  contains: (stored, wanted) => stored.includes(wanted),
  startswith: (stored, wanted) => stored.startsWith(wanted),
  endswith: (stored, wanted) => stored.endsWith(wanted),
}

/** Query keys that are no filters. */
const ignored = new Set(['limit', 'marker', 'sort_key', 'sort_dir', 'per_page', 'page', 'include_names', 'effective'])

/**
 * Filters documents by the query. Keystone ignores keys that it does not know; the fake refuses (501) only those that
 * Keystone obeys and the fake does not, which `unmodelled` names.
 */
export const filtered = <T extends object>(
  call: Call,
  documents: readonly T[],
  fields: Readonly<Record<string, FieldType>>,
  unmodelled: readonly string[] = [],
): T[] => {
  const tests: ((document: T) => boolean)[] = []
  for (const [key, wanted] of call.query) {
    if (ignored.has(key)) continue
    if (unmodelled.includes(key)) {
      throw new ApiError(501, `The fake does not model the filter ${key} of ${call.url.pathname}.`)
    }
    const [field = '', comparison] = key.split('__')
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined
    if (type === undefined) continue
    const stored = (document: T): unknown => (document as Record<string, unknown>)[field]
    if (type === 'flag') tests.push((document) => stored(document) === isTrue(wanted))
    else if (comparison === undefined) tests.push((document) => lower(stored(document)) === wanted.toLowerCase())
    else tests.push((document) => compares(comparison, stored(document), wanted))
  }
  return documents.filter((document) => tests.every((test) => test(document)))
}

/** `enabled`, `enabled=1` and all but `0` and `false` are true. */
const isTrue = (text: string): boolean => text !== '0' && text.toLowerCase() !== 'false'

const lower = (value: unknown): string | undefined => (typeof value === 'string' ? value.toLowerCase() : undefined)

const compares = (comparison: string, stored: unknown, wanted: string): boolean => {
  if (typeof stored !== 'string') return false
  const isInsensitive = comparison.startsWith('i')
  const compare = comparisons[isInsensitive ? comparison.slice(1) : comparison]
  // The database compares without case in both forms.
  return compare?.(stored.toLowerCase(), wanted.toLowerCase()) ?? true
}

/** A value of the query by which an index narrows a list, if it is there. */
export const queried = (call: Call, key: string): string | undefined => call.query.get(key) ?? undefined

/** Tags of `tags`, `tags-any`, `not-tags` and `not-tags-any`. */
export const hasWantedTags = (call: Call, tags: readonly string[]): boolean => {
  const wanted = (key: string): string[] | undefined => call.query.get(key)?.split(',')
  const all = wanted('tags')
  const any = wanted('tags-any')
  const notAll = wanted('not-tags')
  const notAny = wanted('not-tags-any')
  return (
    (all?.every((tag) => tags.includes(tag)) ?? true) &&
    (any?.some((tag) => tags.includes(tag)) ?? true) &&
    !(notAll?.every((tag) => tags.includes(tag)) ?? false) &&
    !(notAny?.some((tag) => tags.includes(tag)) ?? false)
  )
}
