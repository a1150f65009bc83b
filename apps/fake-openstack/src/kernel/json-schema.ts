import { pythonRepr } from './python-repr.ts'
import type { SchemaProblem } from './validation.ts'

/** A schema of the draft that the services' own Python modules use; keywords are checked in the order they are written. */
export interface JsonSchema {
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly additionalProperties?: boolean
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly allOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
}

type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null'
type Path = readonly (string | number)[]

/**
 * Checks a format: `false` is "is not a …"; a text is the whole message of the refusal, without the name of the field;
 * undefined allows the value.
 */
export type FormatCheck = (value: unknown) => false | string | undefined

/** How a service and its release deviate from plain JSON schema. */
export interface SchemaRules {
  readonly formats?: Readonly<Record<string, FormatCheck>>
  /** `minimum` and `maximum` hold for numbers that are written as text, too. */
  readonly readsNumbers?: boolean
  /** Takes properties that the schema does not allow out of the value instead of refusing it. */
  readonly dropsAdditional?: boolean
  /** What jsonschema says where at least one character, item or property is demanded. */
  readonly wordsForEmpty?: string
}

/** The first problem of a value, in the words of Python's jsonschema 4; undefined when the schema allows the value. */
export function firstProblem(
  schema: JsonSchema,
  value: unknown,
  path: Path = [],
  rules: SchemaRules = {},
): SchemaProblem | undefined {
  for (const keyword of Object.keys(schema)) {
    const problem = checks[keyword]?.(schema, value, path, rules)
    if (problem) return problem
  }
  return undefined
}

type Check = (schema: JsonSchema, value: unknown, path: Path, rules: SchemaRules) => SchemaProblem | undefined

/** An object of JSON: no array, no null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasType = (value: unknown, type: JsonType): boolean => {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

const message =
  (
    says: (schema: JsonSchema, shown: string, rules: SchemaRules) => string,
    isWrong: (schema: JsonSchema, value: unknown) => boolean,
  ): Check =>
  (schema, value, path, rules) =>
    isWrong(schema, value) ? { path, value, message: says(schema, pythonRepr(value), rules) } : undefined

/** The words for a size below the minimum. */
const tooShort = (shown: string, minimum: number | undefined, rules: SchemaRules, words = 'is too short'): string =>
  `${shown} ${minimum === 1 && rules.wordsForEmpty?.startsWith('should') ? rules.wordsForEmpty : words}`

/** A limit of a number; the message names the number, the rest of the refusal the value as it came. */
const limit =
  (
    says: (schema: JsonSchema, shown: string) => string,
    isWrong: (schema: JsonSchema, value: number) => boolean,
  ): Check =>
  (schema, value, path, { readsNumbers }) => {
    const number = typeof value === 'number' ? value : readsNumbers ? numberIn(value) : undefined
    return number !== undefined && isWrong(schema, number)
      ? { path, value, message: says(schema, pythonRepr(number)) }
      : undefined
  }

/** A number as Python's `int` and `float` read it from a text. */
const numberIn = (value: unknown): number | undefined => {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return undefined
  return Number(value)
}

/** Compiled patterns. Python allows more escapes than JavaScript's `u` flag. */
const patterns = new Map<string, RegExp>()
const regexOf = (pattern: string): RegExp => {
  const known = patterns.get(pattern)
  if (known) return known
  const made = new RegExp(pattern.replace(/\\([ ~!"#%&',:;<=>@`_])/g, '$1'), 'u')
  patterns.set(pattern, made)
  return made
}

const typesOf = (schema: JsonSchema): readonly JsonType[] =>
  typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])

/** Names in the order of their code points, in which refusals list them. */
const sortedKeys = (value: object): string[] => Object.keys(value).sort()
const sizeOf = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0)
/** Characters as Python counts them: a four-byte one is one. */
const lengthOf = (value: unknown): number | undefined => (typeof value === 'string' ? [...value].length : undefined)
const countOf = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined)
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const checks: Readonly<Record<string, Check>> = {
  type: message(
    (schema, shown) =>
      `${shown} is not of type ${typesOf(schema)
        .map((one) => `'${one}'`)
        .join(', ')}`,
    (schema, value) => !typesOf(schema).some((one) => hasType(value, one)),
  ),
  enum: message(
    (schema, shown) => `${shown} is not one of ${pythonRepr(schema.enum)}`,
    (schema, value) => !(schema.enum ?? []).some((one) => same(one, value)),
  ),
  minLength: message(
    (schema, shown, rules) => tooShort(shown, schema.minLength, rules),
    (schema, value) => (lengthOf(value) ?? Number.POSITIVE_INFINITY) < (schema.minLength ?? 0),
  ),
  maxLength: message(
    (_, shown) => `${shown} is too long`,
    (schema, value) => (lengthOf(value) ?? 0) > (schema.maxLength ?? Number.POSITIVE_INFINITY),
  ),
  pattern: message(
    (schema, shown) => `${shown} does not match ${pythonRepr(schema.pattern)}`,
    (schema, value) => typeof value === 'string' && !regexOf(schema.pattern ?? '').test(value),
  ),
  minimum: limit(
    (schema, shown) =>
      `${shown} is less than ${schema.exclusiveMinimum === true ? 'or equal to ' : ''}the minimum of ${schema.minimum}`,
    ({ minimum = 0, exclusiveMinimum }, value) => (exclusiveMinimum === true ? value <= minimum : value < minimum),
  ),
  maximum: limit(
    (schema, shown) => `${shown} is greater than the maximum of ${schema.maximum}`,
    (schema, value) => value > (schema.maximum ?? 0),
  ),
  format: (schema, value, path, { formats }) => {
    const answer = formats?.[schema.format ?? '']?.(value)
    if (answer === undefined) return undefined
    if (typeof answer === 'string') return { path: [], value, message: answer }
    return { path, value, message: `${pythonRepr(value)} is not a ${pythonRepr(schema.format)}` }
  },
  allOf: (schema, value, path, rules) => {
    for (const one of schema.allOf ?? []) {
      const problem = firstProblem(one, value, path, rules)
      if (problem) return problem
    }
    return undefined
  },
  anyOf: (schema, value, path, rules) =>
    (schema.anyOf ?? []).some((one) => !firstProblem(one, value, path, rules))
      ? undefined
      : { path, value, message: `${pythonRepr(value)} is not valid under any of the given schemas` },
  oneOf: (schema, value, path, rules) => {
    const [first, ...more] = (schema.oneOf ?? []).filter((one) => !firstProblem(one, value, path, rules))
    const shown = pythonRepr(value)
    if (!first) return { path, value, message: `${shown} is not valid under any of the given schemas` }
    if (more.length === 0) return undefined
    return { path, value, message: `${shown} is valid under each of ${[...more, first].map(pythonRepr).join(', ')}` }
  },
  minItems: message(
    (schema, shown, rules) => tooShort(shown, schema.minItems, rules),
    (schema, value) => (countOf(value) ?? Number.POSITIVE_INFINITY) < (schema.minItems ?? 0),
  ),
  maxItems: message(
    (_, shown) => `${shown} is too long`,
    (schema, value) => (countOf(value) ?? 0) > (schema.maxItems ?? Number.POSITIVE_INFINITY),
  ),
  uniqueItems: message(
    (_, shown) => `${shown} has non-unique elements`,
    (_, value) =>
      Array.isArray(value) && value.some((one, index) => value.slice(0, index).some((two) => same(one, two))),
  ),
  minProperties: message(
    (schema, shown, rules) => tooShort(shown, schema.minProperties, rules, 'does not have enough properties'),
    (schema, value) => isObject(value) && sizeOf(value) < (schema.minProperties ?? 0),
  ),
  maxProperties: message(
    (_, shown) => `${shown} has too many properties`,
    (schema, value) => isObject(value) && sizeOf(value) > (schema.maxProperties ?? Number.POSITIVE_INFINITY),
  ),
  required: (schema, value, path) => {
    if (!isObject(value)) return undefined
    const missing = schema.required?.find((name) => !Object.hasOwn(value, name))
    return missing === undefined ? undefined : { path, value, message: `'${missing}' is a required property` }
  },
  properties: (schema, value, path, rules) => {
    if (!isObject(value)) return undefined
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const problem = Object.hasOwn(value, name) ? firstProblem(inner, value[name], [...path, name], rules) : undefined
      if (problem) return problem
    }
    return undefined
  },
  patternProperties: (schema, value, path, rules) => {
    if (!isObject(value)) return undefined
    for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {})) {
      for (const [name, item] of Object.entries(value)) {
        const problem = regexOf(pattern).test(name) ? firstProblem(inner, item, [...path, name], rules) : undefined
        if (problem) return problem
      }
    }
    return undefined
  },
  additionalProperties: (schema, value, path, rules) => {
    if (schema.additionalProperties !== false || !isObject(value)) return undefined
    const patterns = Object.keys(schema.patternProperties ?? {})
    const extra = sortedKeys(value).filter(
      (name) => !Object.hasOwn(schema.properties ?? {}, name) && !patterns.some((one) => regexOf(one).test(name)),
    )
    if (rules.dropsAdditional) for (const name of extra) delete (value as Record<string, unknown>)[name]
    if (extra.length === 0 || rules.dropsAdditional) return undefined
    const names = extra.map((name) => pythonRepr(name)).join(', ')
    const text =
      patterns.length > 0
        ? `${names} ${extra.length === 1 ? 'does' : 'do'} not match any of the regexes: ${[...patterns].sort().map(pythonRepr).join(', ')}`
        : `Additional properties are not allowed (${names} ${extra.length === 1 ? 'was' : 'were'} unexpected)`
    return { path, value, message: text }
  },
  items: (schema, value, path, rules) => {
    if (!Array.isArray(value) || !schema.items) return undefined
    for (const [index, item] of value.entries()) {
      const problem = firstProblem(schema.items, item, [...path, index], rules)
      if (problem) return problem
    }
    return undefined
  },
}
