import { isObject } from '../compare.ts'
import { oddities } from './oddities.ts'
import type { JsonSchema } from './published.ts'
import type { SeededRandom } from './random.ts'

/** A changed value, and what was done to it: `server.name=null`. */
export interface Mutation {
  readonly value: unknown
  readonly what: string
}

type Path = readonly (string | number)[]

/** One mutation of a body: a field takes an odd value, goes, is renamed, is doubled, or one of the schema comes. */
export function mutate(random: SeededRandom, body: unknown, schema: JsonSchema | undefined): Mutation {
  const odd = (path: Path): Mutation => {
    const [name, value] = random.of(oddities.values)
    return { value: withValue(body, path, value), what: `${shownPath(path) || 'body'}=${name}` }
  }
  const places = placesOf(body)
  const missing = schema ? missingProperties(body, schema, []) : []
  if (missing.length > 0 && random.chance(0.3)) return odd(random.of(missing))
  if (places.length === 0) return odd([])
  const path = random.of(places)
  const roll = random.next()
  if (roll < 0.12) return { value: without(body, path), what: `${shownPath(path)} missing` }
  const parent = path.slice(0, -1)
  if (roll < 0.2) return { value: withValue(body, [...parent, 'nosuch'], 'x'), what: `${shownPath(parent)}.nosuch` }
  return odd(roll < 0.24 ? path.slice(0, 1) : path)
}

const shownPath = (path: Path): string => path.map((part) => (typeof part === 'number' ? '[]' : part)).join('.')

/** Every field of a body, at any depth. */
export function placesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const place = [...at, Array.isArray(value) ? Number(key) : key]
    return [place, ...placesOf(item, place)]
  })
}

/** Properties that a schema has and the body has not, where the object itself is there. */
function missingProperties(body: unknown, schema: JsonSchema, at: Path): Path[] {
  const properties = schema['properties']
  if (!isObject(properties) || typeof body !== 'object' || body === null) return []
  return Object.entries(properties).flatMap(([name, inner]) =>
    Object.hasOwn(body, name)
      ? missingProperties((body as Record<string, unknown>)[name], inner as JsonSchema, [...at, name])
      : [[...at, name]],
  )
}

/** A copy of a body that is changed where a field is or could be: in the list or object around it. */
function changed(body: unknown, path: Path, change: (around: unknown, key: string | number) => void): unknown {
  const copy: unknown = structuredClone(body)
  let around = copy
  for (const key of path.slice(0, -1)) around = (around as Record<string | number, unknown>)[key]
  change(around, path.at(-1) ?? '')
  return copy
}

const withValue = (body: unknown, path: Path, value: unknown): unknown =>
  path.length === 0
    ? value
    : changed(body, path, (around, key) => {
        if (typeof key === 'number' || isObject(around)) (around as Record<string | number, unknown>)[key] = value
      })

/** The body without a field. */
export const without = (body: unknown, path: Path): unknown =>
  changed(body, path, (around, key) => {
    if (Array.isArray(around)) around.splice(Number(key), 1)
    else if (isObject(around)) delete around[key]
  })

/** A body that a schema allows: its required properties, each with a plain value. */
export function sampleOf(schema: JsonSchema): unknown {
  const { enum: choices, type: types, required, properties = {} } = schema
  if (Array.isArray(choices)) return choices[0]
  const inner = ['oneOf', 'anyOf', 'allOf'].map((key) => schema[key]).find((list) => Array.isArray(list) && list.length)
  if (Array.isArray(inner)) return sampleOf(inner[0])
  const type = Array.isArray(types) ? types[0] : types
  if (type === 'object') {
    const names = Array.isArray(required) ? (required as string[]) : []
    return Object.fromEntries(
      names.map((name) => [name, sampleOf((properties as Readonly<Record<string, JsonSchema>>)[name] ?? {})]),
    )
  }
  if (type === 'integer' || type === 'number') return Number(schema['minimum'] ?? 1)
  const text = schema['format'] === 'uuid' ? '{unknown}' : 'abc'
  return samples.has(type) ? samples.get(type) : text
}

const samples = new Map<unknown, unknown>(Object.entries({ array: [], boolean: true, null: null }))
