import * as z from 'zod'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Metadata } from './records.ts'

/**
 * The value types of Cinder's JSON schemas, complaining in jsonschema's words. All are optional unless said otherwise;
 * a missing required one is named by the service's dialect.
 */
type Check = (value: unknown) => string | undefined

const field = <T>(check: Check) =>
  z
    .custom<T>()
    .superRefine((value, context) => {
      const message = value === undefined ? undefined : check(value)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .optional()

/** The same field, but it has to be there. */
export const required = <T>(optional: z.ZodOptional<z.ZodType<T>>) =>
  z.custom<T>().superRefine((value, context) => {
    if (value === undefined) {
      context.addIssue({ code: 'invalid_type', expected: 'string', input: value })
      return
    }
    const result = optional.safeParse(value)
    if (!result.success) for (const issue of result.error.issues) context.addIssue({ ...issue, code: 'custom' })
  })

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const ofType =
  (types: readonly string[], then: Check = () => undefined): Check =>
  (value) =>
    types.includes(typeOf(value))
      ? then(value)
      : `${pythonRepr(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`

const lengthBetween =
  (min: number, max: number): Check =>
  (value) => {
    if (typeof value !== 'string') return undefined
    if (value.length < min) return `${pythonRepr(value)} is too short`
    return value.length > max ? `${pythonRepr(value)} is too long` : undefined
  }

const booleans: readonly unknown[] = [
  ...[true, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes', 'y', 't'],
  ...[false, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no', 'n', 'f'],
]

/** Reads a boolean of Cinder's, which may come as one of many words. */
export const isTrue = (value: unknown): boolean => booleans.indexOf(value) >= 0 && booleans.indexOf(value) < 13

const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `${pythonRepr(value)} is not one of ${pythonRepr(values)}`

const anyOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value) === undefined)
      ? undefined
      : `${pythonRepr(value)} is not valid under any of the given schemas`

const uuidCheck: Check = ofType(['string'], (value) =>
  isUuidLike(value) ? undefined : `${pythonRepr(value)} is not a 'uuid'`,
)

const booleanCheck: Check = ofType(['boolean', 'string'], oneOf(booleans))

const sizeCheck = (types: readonly string[]): Check =>
  ofType(types, (value) => {
    if (value === null) return undefined
    if (typeof value === 'string' && !/^[0-9]+$/.test(value)) return `${pythonRepr(value)} does not match '^[0-9]+$'`
    const size = Number(value)
    if (size < 1) return `${size} is less than the minimum of 1`
    return size > 2_147_483_647 ? `${size} is greater than the maximum of 2147483647` : undefined
  })

/** Text that may be null, of any length; Cinder checks the length after stripping it. */
export const nullableText = field<string | null>(ofType(['string', 'null']))
export const shortText = field<string | null>(ofType(['string', 'null'], lengthBetween(0, 255)))
export const zone = field<string | null>(ofType(['string', 'null'], lengthBetween(1, 255)))
export const text = (min: number, max: number) => field<string>(ofType(['string'], lengthBetween(min, max)))
export const word = (...values: string[]) => field<string>(ofType(['string'], oneOf(values)))
export const wordOrNull = (...values: string[]) => field<string | null>(ofType(['string', 'null'], oneOf(values)))
export const uuid = field<string>(uuidCheck)
export const optionalUuid = field<string | null>(anyOf(ofType(['null']), uuidCheck))
export const optionalBoolean = field<unknown>(anyOf(ofType(['null']), booleanCheck))
export const boolean = field<unknown>(booleanCheck)
export const size = field<number | string>(sizeCheck(['integer', 'string']))
export const sizeOrNull = field<number | string | null>(sizeCheck(['integer', 'string', 'null']))
export const anyObject = field<Readonly<Record<string, unknown>>>(ofType(['object']))
export const objectOrNull = field<Readonly<Record<string, unknown>> | null>(ofType(['object', 'null']))

const keyPattern = '^[a-zA-Z0-9-_:. /]{1,255}$'
const key = /^[a-zA-Z0-9\-_:. /]{1,255}$/

const metadataOf = <T extends Metadata | null>(types: readonly string[], isRequired = false) =>
  z.custom<T>().superRefine((value, context) => {
    if (value === undefined) {
      if (isRequired) context.addIssue({ code: 'invalid_type', expected: 'object', input: value })
      return
    }
    const wrong = ofType(types)(value)
    if (wrong !== undefined || typeof value !== 'object' || value === null) {
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong })
      return
    }
    for (const [name, one] of Object.entries<unknown>(value)) {
      if (!key.test(name)) {
        context.addIssue({
          code: 'custom',
          message: `${pythonRepr(name)} does not match any of the regexes: '${keyPattern}'`,
        })
        return
      }
      const message = ofType(['string'], lengthBetween(0, 255))(one)
      if (message !== undefined) {
        context.addIssue({ code: 'custom', message, path: [name] })
        return
      }
    }
  })

export const requiredMetadata = metadataOf<Metadata>(['object'], true)
export const metadata = metadataOf<Metadata>(['object']).optional()
export const metadataOrNull = metadataOf<Metadata | null>(['object', 'null']).optional()

const uuids: Check = ofType(['array'], (value) =>
  Array.isArray(value) ? value.map(uuidCheck).find((message) => message !== undefined) : undefined,
)

/** A scheduler hint: a volume id or a list of them. */
export const optionalHosts = field<unknown>(anyOf(uuidCheck, uuids))

/** An object in an envelope, strict or not as the schema of the microversion says. */
export const envelope = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape)
