import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { pythonBytes } from '../../kernel/python-repr.ts'
import { badResourceRequest, internalError, invalidInput, malformed, neutronError } from './neutron-errors.ts'
import { string, toBoolean } from './readers.ts'

/** One attribute of a resource, as Neutron declares them: who may send it, how it is read, whether lists filter by it. */
export interface Attribute {
  /** May be sent on create; `required` must be. */
  post?: 'required' | 'optional'
  /** May be sent on update. */
  put?: true
  /** Value on create when it is not sent; undefined leaves it out, for the resource to decide. */
  default?: unknown
  /** Brings the value into its usual form; throws Neutron's `InvalidInput`. Also used on filters. */
  convert?: (value: unknown, call: Call) => unknown
  /** Answers what is wrong with the value. */
  validate?: (value: unknown) => string | undefined
  filter?: true
  sort?: true
  /** Read on create, never shown. */
  isHidden?: true
  /** Seen by admins only. */
  isAdminOnly?: true
  /** Sent by admins only: the refusal names the rule `create_port:binding:host_id`. */
  isSetByAdminOnly?: true
  /** The fake does nothing with it: a value other than null is 501 once it has been checked. */
  isUnmodelled?: true
}

export type Attributes = Readonly<Record<string, Attribute>>

/** What all resources have. */
export const commonAttributes = {
  id: { filter: true, sort: true },
  tenant_id: { post: 'optional', filter: true, sort: true },
  project_id: { post: 'optional', filter: true, sort: true },
  revision_number: { filter: true },
  created_at: {},
  updated_at: {},
  tags: { filter: true },
  'tags-any': { filter: true, isHidden: true },
  'not-tags': { filter: true, isHidden: true },
  'not-tags-any': { filter: true, isHidden: true },
} satisfies Attributes

/** Off unless an admin sets it. */
export const adminFlag = {
  post: 'optional',
  put: true,
  default: false,
  convert: toBoolean,
  filter: true,
  isSetByAdminOnly: true,
} as const satisfies Attribute

/** A text that its owner may set and change, empty unless it is set. @param longest in characters */
export const textAttribute = (longest: number) =>
  ({
    post: 'optional',
    put: true,
    default: '',
    validate: string(longest),
    filter: true,
    sort: true,
  }) as const satisfies Attribute

/** A checked body: attribute values after conversion, and the owner. */
export interface Body {
  project_id: string
  has(name: string): boolean
  /** The value, as the attribute's conversion left it. The caller names the type that `validate` has assured. */
  get<V>(name: string): V | undefined
}

/** Reads the body of a create: one resource, or several under the plural key. */
export const readCreate = (
  call: Call,
  resource: { name: string; plural: string; attributes: Attributes },
): { bodies: Body[]; isBulk: boolean } => {
  if (!isCore(resource)) checkCreateOfExtension(call.rawJson)
  const raw = envelope(call, resource.name)
  if (resource.plural in raw) {
    const items = raw[resource.plural]
    if (isEmpty(items)) throw malformed('Resources required')
    if (!Array.isArray(items)) throw malformed('Body contains invalid data')
    return { bodies: items.map((item) => createBody(call, unwrapped(item, resource.name), resource)), isBulk: true }
  }
  return { bodies: [createBody(call, objectOf(raw, resource.name), resource)], isBulk: false }
}

/** What the checks of a body look at. */
interface Checked {
  readonly name: string
  readonly attributes: Attributes
}

/** Reads the body of an update. */
export const readUpdate = (call: Call, resource: Checked): Body => {
  if (!isCore(resource)) checkUpdateOfExtension(call.rawJson)
  return readChanges(call, resource)
}

/** Refuses the body of an update that names no object, as far as Neutron looks at it then. */
export const checkUpdateOfNone = (call: Call, resource: Checked): void => {
  const raw = call.rawJson
  if (raw === undefined) return
  if (!isObject(raw)) throw malformed('Body contains invalid data')
  if (resource.name in raw) readChanges(call, resource)
}

const readChanges = (call: Call, resource: Checked): Body => {
  const values = objectOf(envelope(call, resource.name), resource.name)
  checkOwner(call, values)
  checkKnown(values, resource.attributes)
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (name in values && !attribute.put) throw malformed(`Cannot update read-only attribute ${name}`)
  }
  const read = convert(call, values, resource.attributes)
  checkPolicy(call, 'update', resource.name, resource.attributes, read)
  return bodyOf(call.projectId, read)
}

/** Resources with controllers of their own; all others are extensions, which read a body in another way. */
export const isCore = ({ name }: Checked): boolean => ['network', 'subnet', 'port'].includes(name)

const checkCreateOfExtension = (raw: unknown): void => {
  if (raw === undefined || isEmpty(raw)) throw malformed('Resource body required')
}

const checkUpdateOfExtension = (raw: unknown): void => {
  if (Array.isArray(raw)) throw internalError()
  if (!isObject(raw)) throw badResourceRequest('body', `Invalid format: b'${pythonBytes(JSON.stringify(raw) ?? '')}'`)
  if (Object.keys(raw).length === 0) throw malformed('Resource body required')
}

const createBody = (
  call: Call,
  values: Record<string, unknown>,
  { name, attributes }: { name: string; attributes: Attributes },
): Body => {
  const projectId = checkOwner(call, values)
  // Neutron adds the owner before it looks at what the resource has.
  checkKnown(
    'tenant_id' in attributes || 'project_id' in attributes ? values : { project_id: '', ...values, tenant_id: '' },
    attributes,
  )
  const owner = Object.keys(attributes).find((key) => /^(project|tenant)_id$/.test(key) && !attributes[key]?.post)
  if (owner !== undefined) throw malformed(`Attribute '${owner}' not allowed in POST`)
  for (const [key, attribute] of Object.entries(attributes)) {
    if (attribute.post === undefined && key in values) throw malformed(`Attribute '${key}' not allowed in POST`)
    if (attribute.post === 'required' && !(key in values)) {
      throw malformed(`Failed to parse request. Required attribute '${key}' not specified`)
    }
  }
  const read = convert(call, values, attributes)
  checkPolicy(call, 'create', name, attributes, read)
  for (const [key, attribute] of Object.entries(attributes)) {
    if (!(key in read) && attribute.default !== undefined) read[key] = attribute.default
  }
  return bodyOf(projectId, read)
}

const envelope = (call: Call, name: string): Record<string, unknown> => {
  const raw = call.rawJson
  if (raw === undefined) throw malformed(`Unable to find '${name}' in request body`)
  if (!isObject(raw)) throw malformed('Body contains invalid data')
  return raw
}

const objectOf = (raw: Record<string, unknown>, name: string): Record<string, unknown> => {
  const inner = raw[name]
  if (inner === undefined || inner === null) throw malformed(`Unable to find '${name}' in request body`)
  if (!isObject(inner)) throw malformed(`Object '${name}' contains invalid data`)
  return { ...inner }
}

const unwrapped = (item: unknown, name: string): Record<string, unknown> => {
  if (!isObject(item)) throw malformed('Body contains invalid data')
  return name in item ? objectOf(item, name) : { ...item }
}

/** Who shall own the resource; only admins may name another project. */
const checkOwner = (call: Call, values: Record<string, unknown>): string => {
  const { project_id = values['tenant_id'], tenant_id = project_id } = values
  if (project_id !== tenant_id) throw malformed("'project_id' and 'tenant_id' do not match")
  if (project_id === undefined) return call.projectId
  if (project_id !== call.projectId && !call.isAdmin) {
    throw malformed(
      "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin or advsvc privileges",
    )
  }
  return String(project_id)
}

const checkKnown = (values: Record<string, unknown>, attributes: Attributes): void => {
  const unknown = Object.keys(values).filter(
    (key) => !(key in attributes) || key.includes('tags-') || key === 'not-tags',
  )
  if (unknown.length > 0) throw malformed(`Unrecognized attribute(s) '${unknown.join(', ')}'`)
}

const convert = (call: Call, values: Record<string, unknown>, attributes: Attributes): Record<string, unknown> => {
  const read: Record<string, unknown> = {}
  const unmodelled: string[] = []
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!(name in values)) continue
    const value = attribute.convert ? attribute.convert(values[name], call) : values[name]
    const reason = attribute.validate?.(value)
    if (reason !== undefined) throw invalidInput(name, reason)
    if (attribute.isUnmodelled) unmodelled.push(...(value === null ? [] : [name]))
    else read[name] = value
  }
  return unmodelled.length === 0 ? read : notModelled(call, unmodelled.join(', '))
}

const checkPolicy = (
  call: Call,
  verb: 'create' | 'update',
  resource: string,
  attributes: Attributes,
  values: Record<string, unknown>,
): void => {
  if (call.isAdmin) return
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.isSetByAdminOnly && name in values && values[name] !== attribute.default) {
      throw attributeForbidden(verb, resource, name)
    }
  }
}

/** The policy's refusal of one attribute. */
export const attributeForbidden = (verb: 'create' | 'update', resource: string, attribute: string) => {
  const rule = `${verb}_${resource}`
  return neutronError(
    403,
    'PolicyNotAuthorized',
    `(rule:${rule} and rule:${rule}:${attribute}) is disallowed by policy`,
  )
}

const bodyOf = (project_id: string, values: Record<string, unknown>): Body => ({
  project_id,
  has: (name) => name in values,
  get: <V>(name: string) => values[name] as V | undefined, // the attribute's checks have assured the type
})

const isEmpty = (value: unknown): boolean => !value || (typeof value === 'object' && Object.keys(value).length === 0)
