import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Route } from '../../kernel/service.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import { checkUnprotected, itemsOf, itemView, propertiesView, storeItem } from './metadef-items.ts'
import { type MetadefNamespaceRecord, metadefItems, metadefNamespaces } from './metadef-records.ts'
import { isVisibleNamespace, namespaceLimit, namespaceOfPath, pageOf, readMetadef } from './metadef-requests.ts'

type Fields = Readonly<Record<string, unknown>>

/** Fields that have no value are left out. */
const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

const view = (namespace: MetadefNamespaceRecord): Fields =>
  present({
    namespace: namespace.namespace,
    display_name: namespace.display_name,
    description: namespace.description,
    visibility: namespace.visibility,
    protected: namespace.protected,
    owner: namespace.owner,
    created_at: isoSeconds(namespace.created_at),
    updated_at: isoSeconds(namespace.updated_at),
    self: `/v2/metadefs/namespaces/${namespace.namespace}`,
    schema: '/v2/schemas/metadefs/namespace',
  })

const withAssociations = (call: Call, namespace: MetadefNamespaceRecord): Fields => {
  const types = itemsOf(call, namespace, 'resource_types').map((item) => itemView(namespace, item))
  return { ...view(namespace), ...(types.length > 0 ? { resource_type_associations: types } : {}) }
}

/** The fields that a body sets, each with its default. */
const written = (call: Call, body: Fields) => {
  const text = (key: string): string | null => {
    const value = body[key]
    return typeof value === 'string' ? value : null
  }
  return {
    namespace: text('namespace') ?? '',
    display_name: text('display_name'),
    description: text('description'),
    visibility: body['visibility'] === 'public' ? ('public' as const) : ('private' as const),
    protected: body['protected'] === true,
    owner: text('owner') ?? call.projectId,
  }
}

const checkFree = (call: Call, name: string): void => {
  if (call.store.of(metadefNamespaces).count('name', name.toLowerCase()) === 0) return
  throw conflict(`The metadata definition namespace=${name} already exists.`)
}

/** Items of a new namespace, as its body has them. */
const itemsIn = (body: Fields, key: string): readonly Fields[] => {
  const items = body[key]
  return Array.isArray(items) ? items.filter(isObject) : []
}

const create: Handler = (call) => {
  const body = readMetadef(call, 'namespace')
  call.requireAdmin('add_metadef_namespace')
  const fields = written(call, body)
  checkFree(call, fields.namespace)
  const times = { created_at: call.now, updated_at: call.now }
  const namespace = call.store.of(metadefNamespaces).insert({ id: call.context.ids.uuid(), ...fields, ...times })
  for (const item of itemsIn(body, 'resource_type_associations')) storeItem(call, namespace, 'resource_types', item)
  for (const item of itemsIn(body, 'objects')) storeItem(call, namespace, 'objects', item)
  for (const item of itemsIn(body, 'tags')) storeItem(call, namespace, 'tags', item)
  const properties = isObject(body['properties']) ? Object.entries(body['properties']) : []
  for (const [name, property] of properties) {
    storeItem(call, namespace, 'properties', { ...(isObject(property) ? property : {}), name })
  }
  const { resource_type_associations, objects, tags } = body
  const held = present({ resource_type_associations, objects, tags, properties: body['properties'] })
  const location = `${call.serviceUrl}/v2/metadefs/namespaces/${namespace.namespace}`
  return created({ ...view(namespace), ...held }, { location })
}

const list: Handler = (call) => {
  const visibility = call.query.get('visibility') ?? undefined
  if (visibility && visibility !== 'public' && visibility !== 'private') {
    throw badRequest(`Invalid visibility value: ${visibility}`)
  }
  if (call.query.has('resource_types')) return notModelled(call)
  const owner = call.query.get('owner') ?? undefined
  const all = call.store.of(metadefNamespaces)
  const seen = [...all.all()].filter(
    (one) =>
      isVisibleNamespace(call, one) &&
      (!visibility || one.visibility === visibility) &&
      (owner === undefined || one.owner === owner),
  )
  const limit = namespaceLimit(call)
  const page = pageOf(call, seen, {
    columns: ['namespace', 'display_name', 'description', 'visibility', 'protected', 'owner', 'updated_at', 'id'],
    limit,
    placeOf: (ordered, marker) => {
      const at = ordered.findIndex(({ namespace }) => namespace.toLowerCase() === marker.toLowerCase())
      if (at < 0) throw notFound(`Metadata definition namespace=${marker} was not found.`)
      return at
    },
  })
  const { search } = call.url
  const rest = new URLSearchParams(search)
  rest.delete('marker')
  const path = '/v2/metadefs/namespaces'
  const next = new URLSearchParams([...rest, ['marker', page.at(-1)?.namespace ?? '']])
  return ok({
    namespaces: page.map((namespace) => withAssociations(call, namespace)),
    ...(page.length > 0 && page.length === limit ? { next: `${path}?${next}` } : {}),
    schema: '/v2/schemas/metadefs/namespaces',
    first: rest.size > 0 ? `${path}?${rest}` : path,
  })
}

const show: Handler = (call) => {
  const namespace = namespaceOfPath(call, 'of the database')
  // With it, the names of properties have the prefix of the association.
  if (call.query.get('resource_type')) return notModelled(call)
  const objects = itemsOf(call, namespace, 'objects').map((item) => itemView(namespace, item))
  const properties = itemsOf(call, namespace, 'properties')
  const tags = itemsOf(call, namespace, 'tags').map(({ name }) => ({ name }))
  return ok({
    ...withAssociations(call, namespace),
    ...(objects.length > 0 ? { objects: objects.reverse() } : {}),
    ...(properties.length > 0 ? { properties: propertiesView(properties) } : {}),
    ...(tags.length > 0 ? { tags: tags.reverse() } : {}),
  })
}

const update: Handler = (call) => {
  const body = readMetadef(call, 'namespace')
  const before = namespaceOfPath(call, 'of the request')
  call.requireAdmin('modify_metadef_namespace')
  const fields = written(call, body)
  if (fields.namespace.toLowerCase() !== before.namespace.toLowerCase()) checkFree(call, fields.namespace)
  return ok(view(call.store.of(metadefNamespaces).update(before.id, { ...fields, updated_at: call.now })))
}

const remove: Handler = (call) => {
  const namespace = namespaceOfPath(call, 'of the request')
  call.requireAdmin('delete_metadef_namespace')
  checkUnprotected(namespace)
  for (const { id } of call.store.of(metadefItems).where({ namespace: namespace.id })) {
    call.store.of(metadefItems).delete(id)
  }
  call.store.of(metadefNamespaces).delete(namespace.id)
  return noContent()
}

const path = '/metadefs/namespaces'
const one = `${path}/:namespace`

/** https://docs.openstack.org/api-ref/image/v2/metadefs-index.html: namespaces of metadata definitions. */
export const metadefNamespaceRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'metadef-namespaces.list', handle: list },
  { method: 'POST', path, operation: 'metadef-namespaces.create', handle: create },
  { method: 'GET', path: one, operation: 'metadef-namespaces.show', handle: show },
  { method: 'PUT', path: one, operation: 'metadef-namespaces.update', handle: update },
  { method: 'DELETE', path: one, operation: 'metadef-namespaces.delete', handle: remove },
]
