import { CpiError } from '../errors/cpi-error.ts'
import type { Logger } from '../log/logger.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { nearestName } from './nearest-name.ts'
import type { SchemaIssue, StandardSchema } from './standard-schema.ts'

/** What properties are read for. */
export interface PropertyRules {
  /** For the messages, for example `VM cloud properties`. */
  readonly what: string
  /**
   * The error of wrong properties. `VmCreationFailed` (not to be retried) where `create_vm` reads them: its VM, network and
   * stemcell properties. `CloudError` everywhere else, also for the configuration.
   */
  readonly code: 'VmCreationFailed' | 'CloudError'
  /** Names of the properties. Default: those of `schema.shape`, which zod's objects have; else no property is unknown. */
  readonly known?: readonly string[]
  /**
   * Where unknown properties are told. They are no error: a newer version of the CPI may know them, and a context may be
   * shared by several CPIs. Default: not told.
   */
  readonly log?: Pick<Logger, 'warn'>
}

/** Properties as far as they could be read, with everything that is to be said about them. */
export interface CheckedProperties<Output> {
  /** Undefined when there are problems. */
  readonly value: Output | undefined
  /** What is wrong, each with its place: `root_disk.size must be a number`. */
  readonly problems: readonly string[]
  /** Names of the properties that are wrong, at the top level. */
  readonly faulty: readonly string[]
  /** Unknown properties, each with the known one that was probably meant. */
  readonly unknown: readonly UnknownProperty[]
}

/** A property that nobody reads, and the known one that was probably meant. */
export interface UnknownProperty {
  readonly name: string
  readonly nearest: string | undefined
}

/**
 * Reads properties that an operator wrote, by any Standard Schema. Null counts as absent, at the top and one level down
 * (contract §3). Throws a `CpiError` of `rules.code` that names all problems together; an unknown property is a warning
 * with the nearest known name.
 */
export const readProperties = <Output>(
  schema: StandardSchema<Output>,
  properties: JsonObject,
  rules: PropertyRules,
): Output => {
  const { value, problems, unknown } = checkProperties(schema, properties, rules.known)
  for (const property of unknown) rules.log?.warn(warningOf(property, rules.what))
  if (problems.length === 0) return value as Output // defined where there are no problems
  const near = unknown.flatMap(({ name, nearest }) =>
    nearest === undefined ? [] : [`'${name}' is unknown, did you mean '${nearest}'?`],
  )
  throw new CpiError(rules.code, `Invalid ${rules.what}: ${[...problems, ...near].join('; ')}`)
}

/** As `readProperties`, but returns what is wrong instead of throwing it. */
export const checkProperties = <Output>(
  schema: StandardSchema<Output>,
  properties: JsonObject,
  known: readonly string[] | undefined = namesIn(schema),
): CheckedProperties<Output> => {
  const given = withoutNulls(properties)
  const unknown = known === undefined ? [] : unknownProperties(given, known)
  const result = schema['~standard'].validate(given)
  if (result instanceof Promise) throw new TypeError('A schema for properties must validate synchronously')
  if (result.issues === undefined) return { value: result.value, problems: [], faulty: [], unknown }
  const faulty = result.issues.flatMap(({ path }) => placeOf(path).slice(0, 1))
  return { value: undefined, problems: result.issues.map(problemOf), faulty: [...new Set(faulty)], unknown }
}

/** The properties that are not among the known ones, each with the nearest known name; null counts as absent. */
const unknownProperties = (properties: JsonObject, known: readonly string[]): readonly UnknownProperty[] =>
  Object.entries(properties)
    .filter(([name, value]) => value !== null && !known.includes(name))
    .map(([name]) => ({ name, nearest: nearestName(name, known) }))

/**
 * Warns of unknown properties as `readProperties` does, for a driver that checks properties otherwise.
 * @param what as in the rules, for example `VM cloud properties`
 */
export const warnOfUnknownProperties = (
  log: Pick<Logger, 'warn'>,
  properties: JsonObject,
  known: readonly string[],
  what: string,
): void => {
  for (const property of unknownProperties(properties, known)) log.warn(warningOf(property, what))
}

const warningOf = ({ name, nearest }: UnknownProperty, what: string): string =>
  `Unknown property '${name}' in ${what} is ignored${nearest === undefined ? '' : `: did you mean '${nearest}'?`}`

/** The names of an object schema that tells them, as zod's do. */
const namesIn = (schema: object): readonly string[] | undefined =>
  'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : undefined

/** `root_disk.size must be …`, or `root_disk.size: Invalid input` where the message is a sentence of its own. */
const problemOf = ({ path, message }: SchemaIssue): string => {
  const place = placeOf(path).join('.')
  if (place === '') return message
  return /^[a-z]/.test(message) ? `${place} ${message}` : `${place}: ${message}`
}

const placeOf = (path: SchemaIssue['path'] = []): readonly string[] =>
  path.map((segment) => String(typeof segment === 'object' ? segment.key : segment))

/** The object without its null values, which count as absent (contract §3), also one level down. */
const withoutNulls = (properties: JsonObject): JsonObject =>
  mapPresent(properties, (value) => (isJsonObject(value) ? mapPresent(value, (inner) => inner) : value))

const mapPresent = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === null ? [] : [[key, change(value)] as const])),
  )
