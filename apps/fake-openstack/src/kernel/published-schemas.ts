import type { Call } from './call.ts'
import { type FormatCheck, firstProblem, type JsonSchema } from './json-schema.ts'
import { Microversion } from './microversion.ts'
import type { Release } from './release.ts'
import { type SchemaProblem, wordsForEmpty } from './validation.ts'

/** Releases, what is checked, first and last microversion, and the place of the schema in the list. */
type Row = readonly [releases: string, part: 'body' | 'query', min: string | null, max: string | null, schema: number]

interface Content {
  /** Schemas, the inner ones in front of those that refer to them by their number. */
  readonly schemas: readonly unknown[]
  /** By `POST /servers` or `POST /servers/:id/action reboot`. */
  readonly routes: Readonly<Record<string, readonly Row[]>>
}

/** What the schemas of the API before the microversions are marked with. */
const formerVersion = new Microversion(2, 0)

/**
 * The JSON schemas by which a service checks bodies and queries, as its own packages have them
 * (`tooling/parity/published`). The text is read when the first request comes for it.
 */
export class PublishedSchemas {
  readonly #text: string
  readonly #formats: Readonly<Record<string, FormatCheck>>
  #content: { routes: Content['routes']; schemas: readonly JsonSchema[] } | undefined

  constructor(text: string, formats: Readonly<Record<string, FormatCheck>>) {
    this.#text = text
    this.#formats = formats
  }

  /** The schema of a route or action at a microversion; undefined when the service has none. */
  find(route: string, part: 'body' | 'query', release: Release, version: Microversion): JsonSchema | undefined {
    const { routes, schemas } = this.#read()
    const row = routes[route]?.find(
      ([releases, of, min, max]) =>
        of === part &&
        releases.split(' ').includes(release) &&
        (min === null || version.atLeast(min)) &&
        (max === null || !version.isAbove(max)),
    )
    return row && schemas[row[4]]
  }

  /** The first problem of a body; undefined when there is none, or no schema. */
  bodyProblem(route: string, call: Call, body: unknown): SchemaProblem | undefined {
    const { release } = call.context.settings
    const former = call.isOfFormerApi ? this.find(route, 'body', release, formerVersion) : undefined
    const schema = former ?? this.find(route, 'body', release, call.microversion)
    return schema && this.#problem(schema, body, release, call.isOfFormerApi)
  }

  /**
   * The first problem of a query. Keys that the schema does not name and lets pass are taken out of the query: the
   * service drops them before its handlers see them.
   */
  queryProblem(route: string, call: Call): SchemaProblem | undefined {
    const { release } = call.context.settings
    const schema = this.find(route, 'query', release, call.microversion)
    if (!schema) return undefined
    const lists: Record<string, string[]> = {}
    for (const key of call.query.names) lists[key] = call.query.valuesOf(key)
    const problem = this.#problem(schema, lists, release)
    if (problem) return problem
    const patterns = Object.keys(schema.patternProperties ?? {}).map((pattern) => new RegExp(pattern, 'u'))
    for (const key of Object.keys(lists)) {
      const isKnown = Object.hasOwn(schema.properties ?? {}, key) || patterns.some((pattern) => pattern.test(key))
      if (!isKnown) call.query.delete(key)
    }
    return undefined
  }

  /** Keys of the query that the schema of the route names and no handler read: filters that the fake does not model. */
  unmodelledKeys(route: string, call: Call): string[] {
    const schema = this.find(route, 'query', call.context.settings.release, call.microversion)
    return schema === undefined ? [] : call.query.unread
  }

  #problem(schema: JsonSchema, value: unknown, release: Release, dropsAdditional = false): SchemaProblem | undefined {
    return firstProblem(schema, value, [], {
      dropsAdditional,
      formats: this.#formats,
      readsNumbers: true,
      wordsForEmpty: wordsForEmpty(release),
    })
  }

  #read() {
    if (this.#content) return this.#content
    const { routes, schemas } = JSON.parse(this.#text) as Content // written by the generator
    const linked: JsonSchema[] = []
    for (const schema of schemas) linked.push(link(schema, linked) as JsonSchema)
    this.#content = { routes, schemas: linked }
    return this.#content
  }
}

/** Keywords whose values are schemas, by name or in a list. */
const inner = new Set(['properties', 'patternProperties', 'items', 'allOf', 'anyOf', 'oneOf'])

/** Puts the schema in the place of its number. */
const link = (schema: unknown, known: readonly JsonSchema[]): unknown => {
  if (typeof schema === 'number') return known[schema]
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]: [string, unknown]) => {
      if (!inner.has(keyword)) return [keyword, value]
      if (keyword === 'items') return [keyword, link(value, known)]
      if (Array.isArray(value)) return [keyword, value.map((one) => link(one, known))]
      const named = Object.entries(value as object).map(([name, one]) => [name, link(one, known)] as const)
      return [keyword, Object.fromEntries(named)]
    }),
  )
}
