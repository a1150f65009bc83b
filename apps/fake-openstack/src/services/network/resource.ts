import type { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition, Where } from '../../kernel/collection.ts'

import { isoSeconds } from '../../kernel/time-format.ts'
import type { Attributes, Body } from './attribute.ts'

import type { NeutronRecord } from './records.ts'

/** A Neutron resource: what is particular to it. The routes, filters, pages and checks common to all follow from it. */
export interface Resource<T extends NeutronRecord, I extends string, S extends string> {
  /** Key of one: `port`. */
  name: string
  /** Key of many: `ports`. */
  plural: string
  /** Path segment: `security-groups`. */
  path: string
  attributes: Attributes
  collection: CollectionDefinition<T, I, S>
  notFound: (id: string) => ApiError
  isVisible: (call: Call, record: T) => boolean
  /** Index values under which everything is that a user may see. */
  scopes: (call: Call) => readonly Where<I>[]
  /** Filters that an index answers. */
  indexes: Readonly<Record<string, I>>
  /** Index values that follow from filters of another form. */
  narrow?: (filters: ReadonlyMap<string, readonly string[]>) => Where<I>
  /** Filters with a meaning of their own. */
  filters?: Readonly<Record<string, (call: Call, record: T, values: readonly string[]) => boolean>>
  /** Everything but what `commonView` adds. */
  view: (call: Call, record: T) => Record<string, unknown>
  /** What the answer to an update makes of the view. */
  viewOfUpdate?: (view: Record<string, unknown>) => Record<string, unknown>
  /** True if an unknown marker is refused; otherwise the list starts at the beginning. */
  knowsMarkers: boolean
  /** Common attributes that this resource does not show. */
  hides?: readonly string[]
  /** Runs before every request of the resource. */
  before?: (call: Call) => void
  /** Checks a create as a whole. */
  beforeCreate?: (call: Call, bodies: readonly Body[]) => void
  /** Name of the quota. */
  quota?: string
  create: (call: Call, body: Body) => T
  update: (call: Call, record: T, body: Body) => T
  remove: (call: Call, record: T) => void
}

/** A resource of any type, for things that treat all alike (tags). */
export interface AnyResource {
  path: string
  find: (call: Call, id: string) => NeutronRecord | undefined
  setTags: (call: Call, id: string, tags: readonly string[]) => void
}

/** The resource as tags see it. */
export const taggable = <T extends NeutronRecord, I extends string, S extends string>(
  resource: Resource<T, I, S>,
): AnyResource => ({
  path: resource.path,
  find: (call, id) => {
    const record = call.store.of(resource.collection).get(id)
    return record && (call.isAdmin || resource.isVisible(call, record)) ? record : undefined
  },
  setTags: (call, id, tags) => {
    const changes: Partial<NeutronRecord> = { tags: [...tags], ...touched(call, resource, id) }
    call.store.of(resource.collection).update(id, changes as Partial<T>) // every T has the common fields
  },
})

/** The record if the caller may see it; otherwise 404. */
export const visible = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  id: string,
): T => {
  const record = call.store.of(resource.collection).get(id)
  if (!record || !(call.isAdmin || resource.isVisible(call, record))) throw resource.notFound(id)
  return record
}

/** What the caller sees of a record: attributes of their level, and only the `fields` they asked for. */
export const shown = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  record: T,
): Record<string, unknown> => viewer(call, resource)(record)

/** Shows records to the caller; for lists, as what is hidden is found out once. */
export const viewer = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
): ((record: T) => Record<string, unknown>) => {
  const fields = call.request.method === 'GET' ? call.query.getAll('fields').filter((field) => field !== '') : []
  const hidden = new Set(resource.hides)
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (attribute.isAdminOnly && !call.isAdmin) hidden.add(name)
  }
  return (record) => {
    const all: Record<string, unknown> = { ...resource.view(call, record), ...commonView(record) }
    if (fields.length === 0) {
      for (const name of hidden) delete all[name]
      return all
    }
    return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name) && !hidden.has(name)))
  }
}

const commonView = (record: NeutronRecord): Record<string, unknown> => ({
  id: record.id,
  tenant_id: record.project_id,
  project_id: record.project_id,
  description: record.description,
  tags: record.tags,
  created_at: isoSeconds(record.created_at),
  updated_at: isoSeconds(record.updated_at),
  revision_number: record.revision_number,
})

/** The fields that every new record starts with. */
export const newRecord = (call: Call, body: Body, revision: number): NeutronRecord => ({
  id: call.context.ids.uuid(),
  project_id: body.project_id,
  description: body.get<string | null>('description') ?? '',
  tags: [],
  created_at: call.now,
  updated_at: call.now,
  revision_number: revision,
})

/** The sent values of those attributes, for `update`. */
export const changesOf = (body: Body, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => body.has(name)).map((name) => [name, body.get(name)]))

/** The fields that say when and how often a record changed, after one more change. */
export const touched = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  id: string,
): Partial<NeutronRecord> => ({
  updated_at: call.now,
  revision_number: (call.store.of(resource.collection).get(id)?.revision_number ?? 0) + 1,
})
