import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr, pythonStr } from '../../kernel/python-repr.ts'
import { parseAddress } from '../network/addresses.ts'

/** How a field of a body is read: its checked value, or a refusal in Octavia's words. */
export type Read = (name: string, value: unknown, whole: { argument: string; body: unknown }) => unknown

export interface Field {
  read: Read
  /** May be sent on create (default) or on update too. */
  put?: true
  isRequired?: true
  /** Value when it is absent or null. */
  fallback?: unknown
}

export type Fields = Readonly<Record<string, Field>>

/** The checked fields of a body. */
export interface Values {
  has(name: string): boolean
  /** The value as its reader left it. The caller names the type that the reader has assured. */
  get<V>(name: string): V
}

export interface Form {
  /** Name of the argument as the refusals call it: `load_balancer`. */
  argument: string
  /** Key of the body: `loadbalancer`. */
  root: string
  fields: Fields
  /** The field that Octavia reads first, and stumbles over in a body without its key; by default the project. */
  firstRead?: string
  /** The same of an update; or the refusal of an update without an object. */
  firstChanged?: string
  noObject?: string
  /** Octavia's type of a create, which refusals of a create with an id name. */
  type?: string
  /** Only administrators may send it; told before a body without its key is read. */
  isAdminOnly?: true
}

/** Reads the body of a create: every field has a value afterwards. */
export const readPost = (call: Call, form: Form): Values => postValues(rootOf(call, form), form, call.rawJson)

/** Reads one object of a create, which may be part of a larger body. */
export const postValues = (sent: Record<string, unknown>, form: Form, body: unknown): Values => {
  const read = readFields(sent, form, () => true, body)
  for (const [name, field] of Object.entries(form.fields)) {
    const isMissing = read[name] === undefined || read[name] === null
    if (field.isRequired && isMissing) throw invalid(name, null, 'Mandatory field missing.')
    if (isMissing) read[name] = field.fallback ?? null
  }
  return valuesOf(read)
}

/** Reads the body of an update: only what was sent, null meaning the default. */
export const readPut = (call: Call, form: Form): Values => {
  const read = readFields(rootOf(call, form), form, (field) => field.put === true, call.rawJson)
  for (const name of Object.keys(read)) read[name] ??= form.fields[name]?.fallback ?? null
  return valuesOf(read)
}

/** What an update without an object meets, once the record has been found; undefined when there is an object. */
export const missingObject = (
  call: Call,
  { root, firstChanged = 'project_id', noObject }: Form,
): ApiError | undefined => {
  const body = call.rawJson
  if (!isObject(body) || Object.keys(body).some((key) => key !== root)) return undefined
  const inner = body[root]
  if (inner !== undefined && inner !== null) return undefined
  return noObject === undefined ? nothingToRead(inner, firstChanged) : badRequest(noObject)
}

const nothingToRead = (inner: null | undefined, attribute: string): ApiError =>
  new ApiError(500, `'${inner === null ? 'NoneType' : 'UnsetType'}' object has no attribute '${attribute}'`)

/** Octavia asks any value for its keys, and fails when it has none. */
const noKeys = (value: unknown): ApiError | undefined => {
  if (value === null || value === undefined) return undefined
  const number = Number.isInteger(value) ? 'int' : 'float'
  const types: Readonly<Record<string, string>> = { string: 'str', number, boolean: 'bool' }
  const type = Array.isArray(value) ? 'list' : types[typeof value]
  return new ApiError(500, `'${type}' object has no attribute 'keys'`)
}

const rootOf = (
  call: Call,
  { argument, root, firstRead = 'project_id', isAdminOnly }: Form,
): Record<string, unknown> => {
  const body = call.rawJson
  if (body === undefined) throw badRequest(`Missing argument: "${argument}"`)
  if (!isObject(body)) throw noKeys(body) ?? invalid(argument, body, `unable to convert to ${argument}`)
  const unknown = Object.keys(body).find((key) => key !== root)
  if (unknown !== undefined) throw badRequest(`Unknown attribute for argument ${argument}: ${unknown}`)
  const inner = body[root]
  if ((inner === undefined || inner === null) && isAdminOnly && !call.isAdmin) throw octaviaDialect.forbidden('')
  // Octavia stumbles over a body without its key.
  if (inner === undefined || inner === null) throw nothingToRead(inner, firstRead)
  if (!isObject(inner)) throw noKeys(inner) ?? invalid(root, inner, `unable to convert to ${root}`)
  return inner
}

const readFields = (
  sent: Record<string, unknown>,
  form: Form,
  mayBeSent: (field: Field) => boolean,
  body: unknown,
): Record<string, unknown> => {
  const read: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(sent)) {
    const field = Object.hasOwn(form.fields, name) ? form.fields[name] : undefined
    if (!field || !mayBeSent(field)) {
      throw badRequest(`Unknown attribute for argument ${form.argument}.${form.root}: ${name}`)
    }
    read[name] = value === null ? null : field.read(name, value, { argument: form.argument, body })
  }
  return read
}

const valuesOf = (read: Record<string, unknown>): Values => ({
  has: (name) => name in read,
  get: <V>(name: string) => read[name] as V, // assured by the field's reader
})

/** `Invalid input for field/attribute <name>. Value: '<value>'. <reason>` */
export const invalid = (name: string, value: unknown, reason: string): ApiError =>
  badRequest(`Invalid input for field/attribute ${name}. Value: '${pythonStr(value)}'. ${reason}`)

export const text =
  (max = 255): Read =>
  (name, value) => {
    if (typeof value !== 'string') throw invalid(name, value, 'Value should be string')
    if (value.length > max) throw invalid(name, value, `Value should have a maximum character requirement of ${max}`)
    return value
  }

/** Whole numbers, also as text. */
export const integer =
  (min: number, max: number): Read =>
  (name, value, { argument, body }) => {
    if (typeof value !== 'number' && !(typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value))) {
      throw invalid(argument, pythonRepr(body), `invalid literal for int() with base 10: ${pythonRepr(value)}`)
    }
    const number = Math.trunc(Number(value))
    if (number < min) throw invalid(name, value, `Value should be greater or equal to ${min}`)
    if (number > max) throw invalid(name, value, `Value should be lower or equal to ${max}`)
    return number
  }

export const boolean: Read = (_, value, { argument, body }) => {
  const word = String(value).toLowerCase()
  if (['1', 't', 'true', 'on', 'y', 'yes'].includes(word)) return true
  if (['0', 'f', 'false', 'off', 'n', 'no'].includes(word)) return false
  throw invalid(argument, pythonRepr(body), `Value not an unambiguous boolean: ${pythonStr(value)}`)
}

export const uuid: Read = (name, value) => {
  if (typeof value === 'string' && /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value)) return value
  throw invalid(name, value, 'Value should be UUID format')
}

export const address: Read = (name, value) => {
  if (typeof value === 'string' && parseAddress(value)) return value
  throw invalid(name, value, 'Value should be IPv4 or IPv6 format')
}

export const oneOf =
  (...allowed: readonly string[]): Read =>
  (name, value) => {
    if (typeof value === 'string' && allowed.includes(value)) return value
    throw invalid(name, value, `Value should be one of: ${allowed.join(', ')}`)
  }

export const textList: Read = (name, value) => {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw invalid(name, value, 'Value should be a list of strings')
}

/** Taken as it is; its parts are read by its users. */
export const anything: Read = (_, value) => value
