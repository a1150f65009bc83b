import { badRequest } from '../../kernel/api-error.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonTypeName } from '../../kernel/python-repr.ts'
import type { Body } from './schemas.ts'

type Options = Readonly<Record<string, unknown>>

/** Options of an object after a request: null takes one away. */
export const mergedOptions = (before: Options | undefined, body: Body): Options =>
  Object.fromEntries(Object.entries({ ...before, ...body.record('options') }).filter(([, value]) => value !== null))

/** The same for domains, which have one option and no schema for it: Keystone drops all others. */
export const domainOptions = (before: Options | undefined, body: Body): Options => {
  if (!body.has('options')) return before ?? {}
  const sent = body.fields['options']
  if (!isObject(sent)) throw badRequest(`argument of type '${pythonTypeName(sent)}' is not iterable`)
  const { immutable } = sent
  if (immutable === undefined) return before ?? {}
  if (immutable === null) return {}
  if (typeof immutable !== 'boolean') {
    throw badRequest(`Expected boolean value, got <class '${pythonTypeName(immutable)}'>`)
  }
  return { immutable }
}
