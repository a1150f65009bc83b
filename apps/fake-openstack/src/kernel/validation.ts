import type * as z from 'zod'
import { pythonRepr } from './python-repr.ts'
import type { ByRelease, Release } from './release.ts'

/** The first thing wrong with a body, in the words of Python's jsonschema. */
export interface SchemaProblem {
  /** Where; empty for the body itself. */
  path: readonly (string | number)[]
  /** The value there; for a missing or unexpected property the object around it. */
  value: unknown
  message: string
  /** The query breaks the schema, not the body. */
  isInQuery?: true
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'integer',
  record: 'object',
  map: 'object',
  nan: 'number',
}

const emptyWords: ByRelease<string> = {
  zed: 'is too short',
  '2025.1': 'is too short',
  '2026.2': 'should be non-empty',
}

/** What jsonschema says of an object without properties where at least one is demanded. */
export const wordsForNoProperties = (release: Release): string =>
  emptyWords[release] === 'is too short' ? 'does not have enough properties' : emptyWords[release]

/** What jsonschema says of an empty text or list where something is demanded. */
export const wordsForEmpty = (release: Release): string => emptyWords[release]

/** Translates zod's first issue into jsonschema's words; a schema's own message (`custom`) is taken as it is. */
export const schemaProblem = (error: z.ZodError, input: unknown, release: Release): SchemaProblem => {
  const issue = error.issues[0]
  if (!issue) return { path: [], value: input, message: 'invalid' }
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const value = valueAt(input, path)
  if (value === undefined && path.length > 0 && issue.code !== 'custom') {
    const parent = path.slice(0, -1)
    return {
      path: parent,
      value: valueAt(input, parent),
      message: `${pythonRepr(String(path.at(-1)))} is a required property`,
    }
  }
  return { path, value, message: words(issue, value, release) }
}

const words = (issue: z.core.$ZodIssue, value: unknown, release: Release): string => {
  const shown = pythonRepr(value)
  switch (issue.code) {
    case 'invalid_type':
      return `${shown} is not of type '${typeNames[issue.expected] ?? issue.expected}'`
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => pythonRepr(key)).join(', ')
      return `Additional properties are not allowed (${keys} ${issue.keys.length === 1 ? 'was' : 'were'} unexpected)`
    }
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array') return `${shown} is too long`
      return `${shown} is greater than the maximum of ${issue.maximum}`
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') {
        return issue.minimum === 1 ? `${shown} ${wordsForEmpty(release)}` : `${shown} is too short`
      }
      return `${shown} is less than the minimum of ${issue.minimum}`
    case 'invalid_value':
      return `${shown} is not one of ${pythonRepr(issue.values)}`
    case 'invalid_format':
      if (issue.format === 'regex' && issue.pattern)
        return `${shown} does not match ${pythonRepr(issue.pattern.replace(/^\/|\/[a-z]*$/g, '').replaceAll('\\/', '/'))}`
      return `${shown} is not a '${issue.format}'`
    case 'invalid_union':
      return `${shown} is not valid under any of the given schemas`
    case 'invalid_key':
      return `${shown} does not match any of the regexes`
    default:
      // Checks that are written by hand say it in the older words.
      return value === '' ? issue.message.replace(/is too short$/, wordsForEmpty(release)) : issue.message
  }
}

const valueAt = (input: unknown, path: readonly (string | number)[]): unknown => {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[key] // any object may be asked for any key
  }
  return value
}

/** Paths of fields that the body has and the checked value has not: no schema read them. */
export const unreadFields = (body: unknown, read: unknown, prefix = ''): string[] => {
  if (typeof body !== 'object' || body === null) return []
  if (typeof read !== 'object' || read === null) return prefix === '' ? Object.keys(body) : []
  return Object.entries(body).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (!(key in read)) return [path]
    return unreadFields(value, (read as Record<string, unknown>)[key], path) // narrowed to an object above
  })
}
