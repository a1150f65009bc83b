import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'

/** How a field is compared: as the database does (without case), as Keystone itself does (with case), or as a flag. */
export type FieldType = 'text' | 'exact' | 'flag'

/**
 * Keystone's comparisons: `name__contains=x`, `__startswith`, `__endswith`, with case; without it `__icontains` and so
 * on.
 */
const comparisons: Readonly<Record<string, (stored: string, wanted: string) => boolean>> = {
  contains: (stored, wanted) => stored.includes(wanted),
  startswith: (stored, wanted) => stored.startsWith(wanted),
  endswith: (stored, wanted) => stored.endsWith(wanted),
}

/**
 * Filters documents by the fields that Keystone takes as filters of their list. It ignores all other keys; those that it
 * obeys and the fake does not are in `query-keys.ts`.
 */
export const filtered = <T extends object>(
  call: Call,
  documents: readonly T[],
  fields: Readonly<Record<string, FieldType>>,
): T[] => {
  const tests: ((document: T) => boolean)[] = []
  for (const [key, wanted] of call.query) {
    const [field = '', comparison] = key.split('__')
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined
    if (type === undefined) continue
    const stored = (document: T): unknown => (document as Record<string, unknown>)[field]
    if (type === 'flag' && comparison !== undefined) tests.push(() => matchesFlag(comparison))
    else if (type === 'flag') tests.push((document) => stored(document) === isTrue(wanted))
    else if (comparison !== undefined) tests.push((document) => compares(comparison, stored(document), wanted))
    else if (type === 'exact') tests.push((document) => stored(document) === wanted)
    else tests.push((document) => lower(stored(document)) === wanted.toLowerCase())
  }
  return documents.filter((document) => tests.every((test) => test(document)))
}

/** `enabled`, `enabled=1` and all but the words for false are true. */
export const isTrue = (text: string): boolean => !/^(0|f|false|off|n|no)$/i.test(text.trim())

const lower = (value: unknown): string | undefined => (typeof value === 'string' ? value.toLowerCase() : undefined)

const compares = (comparison: string, stored: unknown, wanted: string): boolean => {
  if (typeof stored !== 'string') return false
  const isInsensitive = comparison.startsWith('i')
  const compare = comparisons[isInsensitive ? comparison.slice(1) : comparison]
  if (!compare) return true
  return isInsensitive ? compare(stored.toLowerCase(), wanted.toLowerCase()) : compare(stored, wanted)
}

/** Keystone takes a flag for a text here; with case it fails, without it the database finds nothing. */
const matchesFlag = (comparison: string): boolean => {
  if (comparison === 'contains') throw badRequest("argument of type 'bool' is not iterable")
  return !(comparison.startsWith('i') && comparisons[comparison.slice(1)])
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
