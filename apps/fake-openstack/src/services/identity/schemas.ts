import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { firstProblem, isObject, type JsonSchema } from '../../kernel/json-schema.ts'
import { wordsForEmpty } from '../../kernel/validation.ts'
import { rulesOf } from './release-rules.ts'

const id: JsonSchema = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' }
const idOrNull: JsonSchema = { ...id, type: ['string', 'null'] }
const textOrNull: JsonSchema = { type: ['string', 'null'] }
const boolean: JsonSchema = { type: 'boolean', enum: [true, false, null] }
const booleanOrNull: JsonSchema = { type: ['boolean', 'null'], enum: [true, false, null] }
/** Words that Keystone's schema lists since 2025.1; its database takes none of them. */
const booleanWords: JsonSchema = {
  type: ['boolean', 'string', 'null'],
  enum: [
    ...[true, 'True', 'TRUE', 'true', false, 'False', 'FALSE', 'false', '', '1', '0', 'y', 'Y', 'n', 'N', 'on', 'ON'],
    ...['off', 'OFF', 'yes', 'no'],
  ],
}
const name = (maxLength: number): JsonSchema => ({ type: 'string', minLength: 1, maxLength, pattern: '[\\S]+' })
/** Tags of a project. */
export const tagsSchema = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^,/]*$' },
  required: [],
  maxItems: 80,
  uniqueItems: true,
} as const satisfies JsonSchema
const resourceOptions: JsonSchema = {
  type: 'object',
  properties: { immutable: booleanOrNull },
  additionalProperties: false,
}
const userOptions: JsonSchema = {
  type: 'object',
  properties: {
    ignore_change_password_upon_first_use: booleanOrNull,
    ignore_password_expiry: booleanOrNull,
    ignore_lockout_failure_attempts: booleanOrNull,
    lock_password: booleanOrNull,
    ignore_user_inactivity: booleanOrNull,
    multi_factor_auth_rules: {
      type: ['array', 'null'],
      items: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
      uniqueItems: true,
    },
    multi_factor_auth_enabled: booleanOrNull,
  },
  additionalProperties: false,
}

type Properties = Readonly<Record<string, JsonSchema>>

/**
 * Properties of each resource, and those that a creation needs:
 * keystone/{identity,resource,assignment,catalog}/schema.py
 */
const resources = {
  user: {
    properties: {
      default_project_id: idOrNull,
      description: textOrNull,
      domain_id: id,
      enabled: boolean,
      name: name(255),
      password: textOrNull,
      options: userOptions,
    },
    required: ['name'],
  },
  group: { properties: { description: textOrNull, domain_id: id, name: name(255) }, required: ['name'] },
  project: {
    properties: {
      description: textOrNull,
      domain_id: idOrNull,
      enabled: boolean,
      is_domain: boolean,
      parent_id: idOrNull,
      name: name(64),
      tags: tagsSchema,
      options: resourceOptions,
    },
    required: ['name'],
  },
  domain: {
    properties: { description: textOrNull, enabled: boolean, name: name(64), tags: tagsSchema },
    required: ['name'],
  },
  role: {
    properties: { name: name(255), description: { type: 'string' }, options: resourceOptions },
    required: ['name'],
  },
  region: {
    properties: { description: textOrNull, id: { type: 'string' }, parent_region_id: textOrNull },
    required: [],
  },
  service: {
    properties: { enabled: boolean, name: name(255), type: { type: 'string', minLength: 1, maxLength: 255 } },
    required: ['type'],
  },
  endpoint: {
    properties: {
      enabled: boolean,
      interface: { type: 'string', enum: ['admin', 'internal', 'public'] },
      region_id: { type: 'string' },
      region: { type: 'string' },
      service_id: { type: 'string' },
      url: { type: 'string', minLength: 0, maxLength: 225, pattern: '^[a-zA-Z0-9+.-]+:.+' },
    },
    required: ['interface', 'service_id', 'url'],
  },
  policy: {
    properties: { blob: { type: 'string' }, type: { type: 'string', maxLength: 255 } },
    required: ['blob', 'type'],
  },
  consumer: { properties: { description: textOrNull }, required: [] },
  endpoint_group: {
    properties: { description: textOrNull, filters: { type: 'object' }, name: name(255) },
    required: ['name', 'filters'],
  },
} as const satisfies Record<string, { properties: Properties; required: readonly string[] }>

export type Resource = keyof typeof resources

/** A checked body: what the schema names, and what Keystone keeps beside it. */
export interface Body {
  readonly fields: Readonly<Record<string, unknown>>
  /** Fields that Keystone has no column for; it stores and shows them. */
  readonly extra: Readonly<Record<string, unknown>>
  has(name: string): boolean
  text(name: string): string | undefined
  textOrNull(name: string): string | null | undefined
  flag(name: string): boolean | undefined
  texts(name: string): readonly string[] | undefined
  record(name: string): Readonly<Record<string, unknown>> | undefined
}

const resourcesWithBooleanWords: readonly Resource[] = ['domain', 'project', 'user']

/** The schema of what is inside the key. */
const innerSchema = (call: Call, resource: Resource, verb: 'create' | 'update'): JsonSchema => {
  const { listsBooleanWords, longestRegionId } = rulesOf(call)
  const { required } = resources[resource]
  const properties: Record<string, JsonSchema> = { ...resources[resource].properties }
  if (listsBooleanWords && resourcesWithBooleanWords.includes(resource)) properties['enabled'] = booleanWords
  if (resource === 'region' && longestRegionId !== undefined) {
    properties['id'] = { type: 'string', maxLength: longestRegionId }
  }
  return verb === 'create' ? { type: 'object', properties, required } : { type: 'object', properties, minProperties: 1 }
}

/** Bodies whose key no schema demands: a body without it is like an empty one. */
const isKeyOptional = (resource: Resource, verb: 'create' | 'update'): boolean =>
  resource === 'project' || (verb === 'create' && ['service', 'endpoint', 'consumer'].includes(resource))

function checkBody(call: Call, resource: Resource, verb: 'create' | 'update', sent: unknown): void {
  const { release } = call.context.settings
  if (rulesOf(call).checksWholeBody(resource) && sent === undefined && !isKeyOptional(resource, verb)) {
    throw badRequest(`'${resource}' is a required property`)
  }
  // A region that is missing is read as null, all others as an empty object.
  const missing = resource === 'region' ? null : {}
  const problem = firstProblem(innerSchema(call, resource, verb), sent === undefined ? missing : sent, [], {
    wordsForEmpty: wordsForEmpty(release),
  })
  if (problem) throw keystoneDialect.invalid({ ...problem, path: [resource, ...problem.path] }, release)
}

/** Refuses another id than that of the path. */
export const checkId = (body: Body, id: string): void => {
  const asked = body.fields['id'] ?? undefined
  if (asked !== undefined && asked !== id) throw badRequest('Cannot change ID')
}

/** Refuses another domain than that in which the object is. */
export const checkDomain = (body: Body, record: { readonly domain_id: string }): void => {
  if (body.has('domain_id') && body.fields['domain_id'] !== record.domain_id)
    throw badRequest('Cannot change Domain ID')
}

/** Reads the body of a creation or of a change. Until 2025.1 a body without its key counts as an empty one. */
export const readBody = (
  call: Call,
  resource: Resource,
  verb: 'create' | 'update',
  columns: readonly string[] = [],
): Body => {
  const raw = call.rawJson
  const sent = isObject(raw) ? raw[resource] : undefined
  checkBody(call, resource, verb, sent)
  const { properties } = resources[resource]
  const fields = isObject(sent) ? sent : {}
  const known = new Set([...Object.keys(properties), ...columns, 'id', 'links'])
  const extra = Object.fromEntries(Object.entries(fields).filter(([key]) => !known.has(key)))
  // The schema has assured the type of each named field.
  return {
    fields,
    extra,
    has: (key) => Object.hasOwn(fields, key),
    text: (key) => fields[key] as string | undefined,
    textOrNull: (key) => fields[key] as string | null | undefined,
    flag: (key) => {
      if (typeof fields[key] === 'string') throw new ApiError(500, `Not a boolean value: '${fields[key]}'`)
      return fields[key] as boolean | undefined
    },
    texts: (key) => fields[key] as readonly string[] | undefined,
    record: (key) => fields[key] as Readonly<Record<string, unknown>> | undefined,
  }
}
