import * as z from 'zod'
import { badRequest } from '../../kernel/api-error.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { isBase64 } from '../../kernel/schema-formats.ts'
import { canonicalAddress } from '../network/addresses.ts'

/**
 * The field types of Nova's request schemas that JSON schema knows and zod words otherwise
 * (https://opendev.org/openstack/nova/src/branch/stable/zed/nova/api/validation/parameter_types.py).
 */

/** A field that several plain types are allowed for; `undefined` is "required". */
const oneOfTypes = <T>(types: readonly string[], read: (value: unknown) => T | Problem): z.ZodType<T> =>
  z.unknown().transform((value, context) => {
    if (value === undefined) {
      context.issues.push({ code: 'invalid_type', expected: 'string', input: value })
      return z.NEVER
    }
    const result = types.includes(jsonTypeOf(value))
      ? read(value)
      : new Problem(`${pythonRepr(value)} is not of type ${types.map(pythonRepr).join(', ')}`)
    if (!(result instanceof Problem)) return result
    context.issues.push({ code: 'custom', message: result.message, input: value })
    return z.NEVER
  })

class Problem {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

const jsonTypeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const trues = ['True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes']
const falses = ['False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']

/** A boolean or one of the words for it. */
export const boolean = oneOfTypes(['boolean', 'string'], (value) => {
  if (value === true || trues.includes(String(value))) return true
  if (value === false || falses.includes(String(value))) return false
  return new Problem(`${pythonRepr(value)} is not one of ${pythonRepr([true, ...trues, false, ...falses])}`)
})

/** A whole number or digits, between two limits. */
export const integer = (minimum: number, maximum = Number.POSITIVE_INFINITY, pattern = '^[0-9]*$') =>
  oneOfTypes(['integer', 'string'], (value) => {
    if (typeof value === 'string' && !new RegExp(pattern).test(value)) {
      return new Problem(`${pythonRepr(value)} does not match ${pythonRepr(pattern)}`)
    }
    if (value === '') return new Problem("'' is too short")
    if (typeof value === 'number' && value < minimum) {
      return new Problem(`${value} is less than the minimum of ${minimum}`)
    }
    if (typeof value === 'number' && value > maximum) {
      return new Problem(`${value} is greater than the maximum of ${maximum}`)
    }
    return Number(value)
  })

/** An integer, digits or null, as in `boot_index`. */
export const integerOrNull = oneOfTypes(['integer', 'string', 'null'], (value) => {
  if (value === null) return null
  if (typeof value === 'string' && !/^-?[0-9]+$/.test(value)) {
    return new Problem(`${pythonRepr(value)} does not match '^-?[0-9]+$'`)
  }
  return Number(value)
})

/** A flavor's id, as text, number or link. */
export const flavorRef = oneOfTypes(['string', 'integer'], (value) =>
  value === '' ? new Problem("'' is too short") : (String(value).split('/').at(-1) ?? ''),
)

/** An object of this form, or null. */
export const objectOrNull = <T>(schema: z.ZodType<T>) =>
  z.unknown().transform((value, context): T | null => {
    if (value === null) return null
    if (jsonTypeOf(value) !== 'object') {
      const message = `${pythonRepr(value)} is not of type 'object', 'null'`
      context.issues.push({ code: 'custom', message, input: value })
      return z.NEVER
    }
    const result = schema.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
    return z.NEVER
  })

const uuidPattern = /^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i

export const isUuid = (text: string): boolean => uuidPattern.test(text)

export const uuid = oneOfTypes(['string'], (value) =>
  isUuid(String(value)) ? String(value) : new Problem(`${pythonRepr(value)} is not a 'uuid'`),
)

/** Text of 1 to 255 printable characters without blanks at its ends. */
export const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => {
    if (/^\s|\s$|\p{Cc}/u.test(text)) {
      throw badRequest(
        "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.",
      )
    }
    return true
  })

/** Keys of up to 255 of some characters, values of up to 255. */
export const metadata = z.unknown().transform((value, context) => {
  if (jsonTypeOf(value) !== 'object') {
    context.issues.push({ code: 'invalid_type', expected: 'record', input: value })
    return z.NEVER
  }
  const read: Record<string, string> = {}
  const odd: string[] = []
  for (const [key, item] of Object.entries(value as object)) {
    if (!/^[a-zA-Z0-9-_:. ]{1,255}$/.test(key)) odd.push(key)
    else if (typeof item !== 'string') {
      const message = `${pythonRepr(item)} is not of type 'string'`
      context.issues.push({ code: 'custom', message, input: item, path: [key] })
    } else if (item.length > 255) {
      context.issues.push({ code: 'custom', message: `${pythonRepr(item)} is too long`, input: item, path: [key] })
    } else read[key] = item
  }
  if (odd.length > 0) {
    const pattern = "'^[a-zA-Z0-9-_:. ]{1,255}$'"
    const verb = odd.length === 1 ? 'does' : 'do'
    const message = `${odd.map(pythonRepr).join(', ')} ${verb} not match any of the regexes: ${pattern}`
    context.issues.push({ code: 'custom', message, input: value })
  }
  return read
})

export const base64 = z
  .string()
  .max(65535)
  .superRefine((text, context) => {
    if (!isBase64(text)) {
      context.addIssue({ code: 'custom', message: `${pythonRepr(text)} is not a 'base64'`, input: text })
    }
  })

/** An address of one version, in its usual form. */
export const addressOf = (version: 4 | 6) =>
  z
    .string()
    .superRefine((text, context) => {
      if ((version === 4 ? z.ipv4() : z.ipv6()).safeParse(text).success) return
      context.addIssue({ code: 'custom', message: `${pythonRepr(text)} is not a 'ipv${version}'`, input: text })
    })
    .transform((text) => canonicalAddress(text) ?? text)

/** A tag of a server, a device or a network connection. */
export const tag = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^,/]*$/)

/** A name that may stand in DNS. */
export const hostname = z
  .string()
  .min(2)
  .max(63)
  .regex(/^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$/)
