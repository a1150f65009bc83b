import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

/** A namespace of metadata definitions; it can be renamed, so its name is not its id. */
export interface MetadefNamespaceRecord extends StoredRecord {
  namespace: string
  display_name: string | null
  description: string | null
  visibility: 'public' | 'private'
  protected: boolean
  /** Project id. */
  owner: string
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number
}

export type MetadefKind = 'objects' | 'properties' | 'tags' | 'resource_types'

/** What a namespace defines, or the resource type that it is for. */
export interface MetadefItemRecord extends StoredRecord {
  kind: MetadefKind
  /** Id of the namespace. */
  namespace_id: string
  name: string
  /** The other fields, as they were sent. */
  fields: Readonly<Record<string, unknown>>
  created_at: number
  updated_at: number
}

/** A type that a namespace was once associated with. */
export interface ResourceTypeRecord extends StoredRecord {
  name: string
  created_at: number
  updated_at: number
}

export const metadefNamespaces = defineCollection<MetadefNamespaceRecord>()({
  kind: 'metadef_namespaces',
  indexes: { name: (r) => r.namespace.toLowerCase() },
})

export const metadefItems = defineCollection<MetadefItemRecord>()({
  kind: 'metadef_items',
  indexes: {
    namespace: (r) => r.namespace_id,
    place: (r) => `${r.namespace_id}/${r.kind}`,
    name: (r) => `${r.namespace_id}/${r.kind}/${r.name.toLowerCase()}`,
  },
})

export const resourceTypes = defineCollection<ResourceTypeRecord>()({
  kind: 'metadef_resource_types',
  indexes: { name: (r) => r.name.toLowerCase() },
})
