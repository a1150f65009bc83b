import { pythonRepr } from './python-repr.ts'
import type { SchemaProblem } from './validation.ts'

/** A schema of the draft that the services' own Python modules use; keywords are checked in the order they are written. */
export interface JsonSchema {
  readonly type?: JsonType | readonly JsonType[]
  readonly enum?: readonly unknown[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
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
}

type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null'
type Path = readonly (string | number)[]

/** The first problem of a value, in the words of Python's jsonschema 4; undefined when the schema allows the value. */
export function firstProblem(schema: JsonSchema, value: unknown, path: Path = []): SchemaProblem | undefined {
  for (const keyword of Object.keys(schema)) {
    const problem = checks[keyword]?.(schema, value, path)
    if (problem) return problem
  }
  return undefined
}

type Check = (schema: JsonSchema, value: unknown, path: Path) => SchemaProblem | undefined

const isObject = (value: unknown): value is Record<string, unknown> =>
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
  (says: (schema: JsonSchema, shown: string) => string, isWrong: (schema: JsonSchema, value: unknown) => boolean) =>
  (schema: JsonSchema, value: unknown, path: Path): SchemaProblem | undefined =>
    isWrong(schema, value) ? { path, value, message: says(schema, pythonRepr(value)) } : undefined

const typesOf = (schema: JsonSchema): readonly JsonType[] =>
  typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])

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
    (_, shown) => `${shown} is too short`,
    (schema, value) => (lengthOf(value) ?? Number.POSITIVE_INFINITY) < (schema.minLength ?? 0),
  ),
  maxLength: message(
    (_, shown) => `${shown} is too long`,
    (schema, value) => (lengthOf(value) ?? 0) > (schema.maxLength ?? Number.POSITIVE_INFINITY),
  ),
  pattern: message(
    (schema, shown) => `${shown} does not match ${pythonRepr(schema.pattern)}`,
    (schema, value) => typeof value === 'string' && !new RegExp(schema.pattern ?? '', 'u').test(value),
  ),
  minimum: message(
    (schema, shown) => `${shown} is less than the minimum of ${schema.minimum}`,
    (schema, value) => typeof value === 'number' && value < (schema.minimum ?? 0),
  ),
  maximum: message(
    (schema, shown) => `${shown} is greater than the maximum of ${schema.maximum}`,
    (schema, value) => typeof value === 'number' && value > (schema.maximum ?? 0),
  ),
  minItems: message(
    (_, shown) => `${shown} is too short`,
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
    (_, shown) => `${shown} does not have enough properties`,
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
  properties: (schema, value, path) => {
    if (!isObject(value)) return undefined
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const problem = Object.hasOwn(value, name) ? firstProblem(inner, value[name], [...path, name]) : undefined
      if (problem) return problem
    }
    return undefined
  },
  patternProperties: (schema, value, path) => {
    if (!isObject(value)) return undefined
    for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {})) {
      for (const [name, item] of Object.entries(value)) {
        const problem = new RegExp(pattern, 'u').test(name) ? firstProblem(inner, item, [...path, name]) : undefined
        if (problem) return problem
      }
    }
    return undefined
  },
  additionalProperties: (schema, value, path) => {
    if (schema.additionalProperties !== false || !isObject(value)) return undefined
    const patterns = Object.keys(schema.patternProperties ?? {})
    const extra = Object.keys(value).filter(
      (name) =>
        !Object.hasOwn(schema.properties ?? {}, name) && !patterns.some((one) => new RegExp(one, 'u').test(name)),
    )
    if (extra.length === 0) return undefined
    const names = extra.map((name) => pythonRepr(name)).join(', ')
    const text =
      patterns.length > 0
        ? `${names} ${extra.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns.map(pythonRepr).join(', ')}`
        : `Additional properties are not allowed (${names} ${extra.length === 1 ? 'was' : 'were'} unexpected)`
    return { path, value, message: text }
  },
  items: (schema, value, path) => {
    if (!Array.isArray(value) || !schema.items) return undefined
    for (const [index, item] of value.entries()) {
      const problem = firstProblem(schema.items, item, [...path, index])
      if (problem) return problem
    }
    return undefined
  },
}
