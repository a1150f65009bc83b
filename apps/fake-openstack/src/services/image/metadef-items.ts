import { conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import {
  type MetadefItemRecord,
  type MetadefKind,
  type MetadefNamespaceRecord,
  metadefItems,
  resourceTypes,
} from './metadef-records.ts'
import {
  checkTagName,
  itemLimit,
  type MetadefBody,
  namespaceOfPath,
  pageOf,
  readMetadef,
  sortDirection,
} from './metadef-requests.ts'

type Fields = Readonly<Record<string, unknown>>

/** What Glance calls the items of a kind. */
interface Words {
  readonly body: MetadefBody
  /** As policies end with. */
  readonly policy: string
  readonly duplicate: (name: string, namespace: string) => string
  readonly missing: (name: string, namespace: string) => string
  readonly guarded: (name: string) => string
}

const definition = (what: string) => ({
  duplicate: (name: string, namespace: string) =>
    `A metadata definition ${what} with name=${name} already exists in namespace=${namespace}.`,
  missing: (name: string, namespace: string) =>
    `The metadata definition ${what} with name=${name} was not found in namespace=${namespace}.`,
  guarded: (name: string) => `Metadata definition ${what} ${name} is protected and cannot be deleted.`,
})

const words: Readonly<Record<MetadefKind, Words>> = {
  objects: { ...definition('object'), body: 'object', policy: 'metadef_object' },
  properties: { ...definition('property'), body: 'property', policy: 'metadef_property' },
  tags: {
    ...definition('tag'),
    body: 'tag',
    policy: 'metadef_tag',
    duplicate: (name, namespace) =>
      `A metadata tag with name=${name} already exists in namespace=${namespace}. (Please note that metadata tag names are case insensitive).`,
  },
  resource_types: {
    body: 'resource_type',
    policy: 'metadef_resource_type_association',
    duplicate: (name, namespace) =>
      `The metadata definition resource-type association of resource-type=${name} to namespace=${namespace} already exists.`,
    missing: (name) => `Failed to find resource type ${name} to delete`,
    guarded: (name) => `Metadata definition resource-type-association ${name} is protected and cannot be deleted.`,
  },
}

const inNamespace = (call: Call, kind: MetadefKind): MetadefNamespaceRecord =>
  namespaceOfPath(call, kind === 'objects' ? 'of the database' : 'of the request')

/** The items of a kind, in the order in which they were made. */
export const itemsOf = (call: Call, namespace: MetadefNamespaceRecord, kind: MetadefKind) =>
  call.store.of(metadefItems).where({ place: `${namespace.id}/${kind}` })

const checkFree = (call: Call, namespace: MetadefNamespaceRecord, kind: MetadefKind, name: string): void => {
  const key = `${namespace.id}/${kind}/${name.toLowerCase()}`
  if (call.store.of(metadefItems).count('name', key) === 0) return
  throw conflict(words[kind].duplicate(name, namespace.namespace))
}

const noteResourceType = (call: Call, name: string): void => {
  if (call.store.of(resourceTypes).find({ name: name.toLowerCase() })) return
  const times = { created_at: call.now, updated_at: call.now }
  call.store.of(resourceTypes).insert({ id: call.context.ids.uuid(), name, ...times })
}

/** Stores an item of a namespace; a resource type exists from then on. */
export const storeItem = (
  call: Call,
  namespace: MetadefNamespaceRecord,
  kind: MetadefKind,
  { name, ...fields }: Fields,
): MetadefItemRecord => {
  checkFree(call, namespace, kind, String(name))
  if (kind === 'resource_types') noteResourceType(call, String(name))
  return call.store.of(metadefItems).insert({
    id: call.context.ids.uuid(),
    kind,
    namespace_id: namespace.id,
    name: String(name),
    fields,
    created_at: call.now,
    updated_at: call.now,
  })
}

const timesOf = (item: { created_at: number; updated_at: number }) => ({
  created_at: isoSeconds(item.created_at),
  updated_at: isoSeconds(item.updated_at),
})

/** An object, tag or association as responses show it. */
export const itemView = (namespace: MetadefNamespaceRecord, item: MetadefItemRecord, isStored = true): Fields => {
  const { kind, name, fields } = item
  if (kind === 'properties') return { ...fields, name }
  const view = { name, ...fields, ...timesOf(item) }
  if (kind !== 'objects') return view
  return {
    ...(isStored ? { required: [], properties: {} } : {}),
    ...view,
    self: `/v2/metadefs/namespaces/${namespace.namespace}/objects/${name}`,
    schema: '/v2/schemas/metadefs/object',
  }
}

/** The properties of a namespace by their names. */
export const propertiesView = (items: readonly MetadefItemRecord[]): Fields =>
  Object.fromEntries(items.map(({ name, fields }) => [name, fields]))

const listProperties: Handler = (call) => {
  const namespace = inNamespace(call, 'properties')
  return ok({ properties: propertiesView(itemsOf(call, namespace, 'properties')) })
}

const listAssociations: Handler = (call) => {
  const namespace = inNamespace(call, 'resource_types')
  const items = itemsOf(call, namespace, 'resource_types')
  return ok({ resource_type_associations: items.map((item) => itemView(namespace, item)) })
}

const listInPages =
  (kind: 'objects' | 'tags'): Handler =>
  (call) => {
    sortDirection(call)
    const limit = itemLimit(call, kind === 'objects' ? 1 : 0)
    const namespace = inNamespace(call, kind)
    const items = itemsOf(call, namespace, kind)
    const page = pageOf(call, items, {
      columns: ['name', 'updated_at', 'id'],
      limit,
      placeOf: (ordered, marker) => {
        // The markers of objects are ids, which no answer shows.
        if (kind === 'objects') return notModelled(call)
        const at = ordered.findIndex(({ name }) => name.toLowerCase() === marker.toLowerCase())
        if (at < 0) throw notFound(words[kind].missing(marker, namespace.namespace))
        return at
      },
    })
    if (kind === 'tags') return ok({ tags: page.map(({ name }) => ({ name })) })
    return ok({ objects: page.map((item) => itemView(namespace, item)), schema: '/v2/schemas/metadefs/objects' })
  }

const lists: Readonly<Record<MetadefKind, Handler>> = {
  objects: listInPages('objects'),
  properties: listProperties,
  tags: listInPages('tags'),
  resource_types: listAssociations,
}

const create =
  (kind: MetadefKind): Handler =>
  (call) => {
    const body = readMetadef(call, words[kind].body)
    const namespace = inNamespace(call, kind)
    call.requireAdmin(`add_${words[kind].policy}`)
    return created(itemView(namespace, storeItem(call, namespace, kind, body), false))
  }

/** The item that the path names. */
const found = (call: Call, namespace: MetadefNamespaceRecord, kind: MetadefKind): MetadefItemRecord => {
  const name = call.param('name')
  const item = call.store.of(metadefItems).find({ name: `${namespace.id}/${kind}/${name.toLowerCase()}` })
  if (!item) throw notFound(words[kind].missing(name, namespace.namespace))
  return item
}

const show =
  (kind: MetadefKind): Handler =>
  (call) => {
    const namespace = inNamespace(call, kind)
    return ok(itemView(namespace, found(call, namespace, kind)))
  }

const update =
  (kind: MetadefKind): Handler =>
  (call) => {
    const { name, ...fields } = readMetadef(call, words[kind].body)
    const namespace = inNamespace(call, kind)
    call.requireAdmin(`modify_${words[kind].policy}`)
    const item = found(call, namespace, kind)
    if (String(name).toLowerCase() !== item.name.toLowerCase()) checkFree(call, namespace, kind, String(name))
    const changes = { name: String(name), fields, updated_at: call.now }
    return ok(itemView(namespace, call.store.of(metadefItems).update(item.id, changes)))
  }

const remove =
  (kind: MetadefKind): Handler =>
  (call) => {
    const namespace = inNamespace(call, kind)
    const isTied = kind === 'properties' || kind === 'resource_types'
    call.requireAdmin(`${isTied ? 'remove' : 'delete'}_${words[kind].policy}`)
    const item = found(call, namespace, kind)
    if (namespace.protected) throw forbidden(words[kind].guarded(item.name))
    call.store.of(metadefItems).delete(item.id)
    return noContent()
  }

/** Refuses the deletion of a protected namespace, and of all that is in it. */
export const checkUnprotected = ({ namespace, protected: isProtected }: MetadefNamespaceRecord): void => {
  if (!isProtected) return
  throw forbidden(`Metadata definition namespace ${namespace} is protected and cannot be deleted.`)
}

const removeAll =
  (kind: MetadefKind): Handler =>
  (call) => {
    const namespace = inNamespace(call, kind)
    call.requireAdmin('delete_metadef_namespace')
    checkUnprotected(namespace)
    for (const { id } of itemsOf(call, namespace, kind)) call.store.of(metadefItems).delete(id)
    return noContent()
  }

const createTag: Handler = (call) => {
  const namespace = inNamespace(call, 'tags')
  const name = call.param('name')
  checkTagName(name)
  call.requireAdmin('add_metadef_tag')
  return created(itemView(namespace, storeItem(call, namespace, 'tags', { name })))
}

/** Replaces the tags of a namespace, unless the request asks to add to them. */
const createTags: Handler = (call) => {
  const { tags = [] } = readMetadef(call, 'tags') as { tags?: readonly { name: string }[] } // the schema has seen to it
  const namespace = inNamespace(call, 'tags')
  call.requireAdmin('add_metadef_tags')
  const isAppended = /^(1|t|true|on|y|yes)$/i.test(call.request.headers.get('x-openstack-append') ?? '')
  if (!isAppended) {
    for (const { id } of itemsOf(call, namespace, 'tags')) call.store.of(metadefItems).delete(id)
  }
  for (const { name } of tags) storeItem(call, namespace, 'tags', { name })
  return created({ tags: tags.map(({ name }) => ({ name })) })
}

const listResourceTypes: Handler = (call) =>
  ok({
    resource_types: call.store
      .of(resourceTypes)
      .all()
      .map((type) => ({ name: type.name, ...timesOf(type) })),
  })

const routesOf = (kind: MetadefKind): Route[] => {
  const path = `/metadefs/namespaces/:namespace/${kind}`
  const one = `${path}/:name`
  const route = (method: Method, at: string, verb: string, handle: Handler): Route => ({
    method,
    path: at,
    operation: `metadef-${kind.replaceAll('_', '-')}.${verb}`,
    handle,
  })
  const isAssociation = kind === 'resource_types'
  return [
    route('GET', path, 'list', lists[kind]),
    route('POST', path, 'create', kind === 'tags' ? createTags : create(kind)),
    route('DELETE', one, 'delete', remove(kind)),
    ...(isAssociation
      ? []
      : [
          route('DELETE', path, 'delete-all', removeAll(kind)),
          route('GET', one, 'show', show(kind)),
          route('PUT', one, 'update', update(kind)),
        ]),
    ...(kind === 'tags' ? [route('POST', one, 'create-one', createTag)] : []),
  ]
}

/** https://docs.openstack.org/api-ref/image/v2/metadefs-index.html: what namespaces of metadata definitions hold. */
export const metadefItemRoutes: readonly Route[] = [
  ...routesOf('objects'),
  ...routesOf('properties'),
  ...routesOf('tags'),
  ...routesOf('resource_types'),
  {
    method: 'GET',
    path: '/metadefs/resource_types',
    operation: 'metadef-resource-types.list-all',
    handle: listResourceTypes,
  },
]
