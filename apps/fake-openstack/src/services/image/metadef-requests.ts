import { ApiError, badRequest, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { StoredRecord } from '../../kernel/collection.ts'
import { firstProblem, isObject, type JsonSchema } from '../../kernel/json-schema.ts'
import { byKeys } from '../../kernel/pagination.ts'
import { type MetadefNamespaceRecord, metadefNamespaces } from './metadef-records.ts'
import { metadefSchemas } from './metadef-schemas.ts'

/** How Glance says that the namespace is not found: some requests say it in the words of the database. */
export type MissingWords = 'of the database' | 'of the request'

const missingNamespace = (name: string, words: MissingWords) =>
  notFound(
    words === 'of the database'
      ? `Metadata definition namespace=${name} was not found.`
      : `Namespace ${name} not found`,
  )

export const isVisibleNamespace = (call: Call, namespace: MetadefNamespaceRecord): boolean =>
  call.isAdmin || namespace.visibility === 'public' || namespace.owner === call.projectId

/** The namespace of the path, if the caller may see it. */
export const namespaceOfPath = (call: Call, words: MissingWords): MetadefNamespaceRecord => {
  const name = call.param('namespace')
  const namespace = call.store.of(metadefNamespaces).find({ name: name.toLowerCase() })
  if (!namespace) throw missingNamespace(name, words)
  if (!isVisibleNamespace(call, namespace)) throw missingNamespace(name, 'of the request')
  return namespace
}

type Definitions = Readonly<Record<string, unknown>>

/** A schema without references, and without what is checked for each property of its own. */
const resolved = (schema: unknown, definitions: Definitions): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => resolved(one, definitions))
  if (!isObject(schema)) return schema
  const { $ref } = schema
  if (typeof $ref === 'string') return resolved(definitions[$ref.split('/').at(-1) ?? ''], definitions)
  const kept = Object.entries(schema).filter(
    ([key, value]) => !(key === 'additionalProperties' && isObject(value)) && key !== 'format',
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, resolved(value, definitions)]))
}

const schemaOf = (name: string): JsonSchema => {
  const document = metadefSchemas[name]
  const definitions = isObject(document) && isObject(document['definitions']) ? document['definitions'] : {}
  return resolved(document, definitions) as JsonSchema // a document of the fake's own
}

const check = (name: string, schema: JsonSchema, value: unknown): void => {
  const problem = firstProblem(schema, value)
  if (problem) throw badRequest(`Provided object does not match schema '${name}': ${problem.message}`)
}

const propertySchema = schemaOf('property')
const { required: _, ...bareProperty } = propertySchema
const unnamedProperty: JsonSchema = { ...bareProperty, required: ['title', 'type'] }

/** Which schema a body is checked by, and the name of it in refusals. */
const bodies = {
  namespace: { name: 'namespace', schema: schemaOf('namespace') },
  object: { name: 'object', schema: schemaOf('object') },
  property: { name: 'property', schema: propertySchema },
  tag: { name: 'tag', schema: schemaOf('tag') },
  tags: {
    name: 'tags',
    schema: {
      type: 'object',
      properties: {
        tags: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string' } },
            required: ['name'],
            additionalProperties: false,
          },
        },
      },
      additionalProperties: false,
    } satisfies JsonSchema,
  },
  resource_type: { name: 'resource_type_association', schema: schemaOf('resource_type') },
} as const

export type MetadefBody = keyof typeof bodies

const readOnly = ['created_at', 'updated_at']
const generated = ['self', 'schema', ...readOnly]

/** Reads and checks a body. */
export const readMetadef = (call: Call, kind: MetadefBody): Readonly<Record<string, unknown>> => {
  const body = call.rawJson
  if (body === undefined) throw badRequest('Body expected in request.')
  const { name, schema } = bodies[kind]
  if (!isObject(body)) throw badRequest(`Provided object does not match schema '${name}': the body is not an object`)
  const refused = (kind === 'namespace' || kind === 'object' ? generated : readOnly).find((key) => key in body)
  if (refused !== undefined) throw forbidden(`Attribute '${refused}' is read-only.`)
  check(name, schema, body)
  const properties = body['properties']
  if (isObject(properties)) for (const one of Object.values(properties)) check(name, unnamedProperty, one)
  return body
}

/** Checks a name that is part of the path. */
export const checkTagName = (name: string): void => check('tag', bodies.tag.schema, { name })

/** Glance fails over a key or a number that it cannot use. */
const failure = () =>
  new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')

/** The most items that a page of namespaces has, and as many as it has where the request names none. */
const [mostNamespaces, usualNamespaces] = [1000, 25]

/** How many namespaces the request wants. */
export const namespaceLimit = (call: Call): number => {
  const text = call.query.get('limit') ?? String(usualNamespaces)
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw failure()
  if (Number(text) < 0) throw badRequest('limit param must be positive')
  return Math.min(Number(text), mostNamespaces)
}

/** How many objects or tags the request wants; undefined for all. @param fewest that may be asked for */
export const itemLimit = (call: Call, fewest: 0 | 1): number | undefined => {
  const text = call.query.get('limit') ?? ''
  if (text === '' && (fewest === 0 || !call.query.has('limit'))) return undefined
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw badRequest('limit param must be an integer')
  if (Number(text) < fewest) throw badRequest('limit param must be positive')
  return Number(text)
}

/** How a list is cut: its columns, how many items are wanted, and how the one before the page is found. */
interface Cut<T> {
  readonly columns: readonly (keyof T & string)[]
  readonly limit: number | undefined
  /** The place of the marker; it throws what the service says of one that is not found. */
  readonly placeOf: (items: readonly T[], marker: string) => number
}

/** The direction of a list, the newest first where the request names none. */
export const sortDirection = (call: Call): 'asc' | 'desc' => {
  const direction = call.query.get('sort_dir') ?? 'desc'
  if (direction !== 'asc' && direction !== 'desc') throw badRequest(`Invalid sort direction: ${direction}`)
  return direction
}

/** A page of a list, the newest first unless the request asks for another order. */
export const pageOf = <T extends StoredRecord>(call: Call, items: readonly T[], cut: Cut<T>): readonly T[] => {
  const direction = sortDirection(call)
  const asked = call.query.get('sort_key') ?? 'created_at'
  const key = cut.columns.find((column) => column === asked)
  if (asked !== 'created_at' && key === undefined) throw failure()
  const ordered =
    key === undefined ? [...items] : [...items].sort(byKeys<T>([{ of: (item) => item[key], descending: false }]))
  if (direction === 'desc') ordered.reverse()
  const marker = call.query.get('marker') ?? ''
  const start = marker === '' ? 0 : cut.placeOf(ordered, marker) + 1
  return ordered.slice(start, cut.limit === undefined ? undefined : start + cut.limit)
}
