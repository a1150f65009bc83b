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
  const places = placesOf(body)
  const missing = schema ? missingProperties(body, schema, []) : []
  if (missing.length > 0 && random.chance(0.3)) {
    const path = random.of(missing)
    const [name, value] = random.of(oddities.values)
    return { value: withValue(body, path, value), what: `${shownPath(path)}=${name}` }
  }
  if (places.length === 0) {
    const [name, value] = random.of(oddities.values)
    return { value, what: `body=${name}` }
  }
  const path = random.of(places)
  const roll = random.next()
  if (roll < 0.12) return { value: without(body, path), what: `${shownPath(path)} missing` }
  if (roll < 0.2) {
    return {
      value: withValue(body, [...path.slice(0, -1), 'nosuch'], 'x'),
      what: `${shownPath(path.slice(0, -1))}.nosuch`,
    }
  }
  if (roll < 0.24) {
    const [name, value] = random.of(oddities.values)
    return { value: withValue(body, [...path.slice(0, 1)], value), what: `${shownPath(path.slice(0, 1))}=${name}` }
  }
  const [name, value] = random.of(oddities.values)
  return { value: withValue(body, path, value), what: `${shownPath(path)}=${name}` }
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
  if (typeof properties !== 'object' || properties === null || typeof body !== 'object' || body === null) return []
  return Object.entries(properties as Record<string, JsonSchema>).flatMap(([name, inner]) =>
    Object.hasOwn(body, name)
      ? missingProperties((body as Record<string, unknown>)[name], inner, [...at, name])
      : [[...at, name]],
  )
}

export function withValue(body: unknown, [first, ...rest]: Path, value: unknown): unknown {
  if (first === undefined) return value
  if (Array.isArray(body)) return body.map((item, index) => (index === first ? withValue(item, rest, value) : item))
  const object = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return { ...object, [first]: withValue(object[first], rest, value) }
}

export function without(body: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined || typeof body !== 'object' || body === null) return body
  if (Array.isArray(body)) {
    return rest.length === 0
      ? body.filter((_, index) => index !== first)
      : body.map((item, index) => (index === first ? without(item, rest) : item))
  }
  const entries = Object.entries(body)
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([key]) => key !== String(first))
      : entries.map(([key, item]) => [key, key === String(first) ? without(item, rest) : item]),
  )
}

/** A body that a schema allows: its required properties, each with a plain value. */
export function sampleOf(schema: JsonSchema): unknown {
  const choices = schema['enum']
  if (Array.isArray(choices)) return choices[0]
  for (const key of ['oneOf', 'anyOf', 'allOf']) {
    const inner = schema[key]
    if (Array.isArray(inner) && inner.length > 0) return sampleOf(inner[0] as JsonSchema)
  }
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  switch (type) {
    case 'object': {
      const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : []
      const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>
      return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]))
    }
    case 'array':
      return []
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return schema['format'] === 'uuid' ? '{unknown}' : 'abc'
  }
}
