import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind } from '../../kernel/dialects/keystone.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument } from './documents.ts'
import { type FieldType, filtered } from './filters.ts'
import { type KeptDocumentRecord, keptDocuments } from './records.ts'
import { type Body, type Resource, readBody } from './schemas.ts'

/** A kind of object of administrators that Keystone only keeps, as far as the fake goes. */
interface KeptKind {
  readonly name: Resource
  readonly plural: string
  /** Below `/v3`. */
  readonly path: string
  readonly missing: (id: string) => string
  /** Columns, with what an object has without them. */
  readonly columns: Readonly<Record<string, unknown>>
  readonly filters: Readonly<Record<string, FieldType>>
  /** Further checks of a body. */
  readonly check?: (body: Body) => void
  /** Fields of a new object that only the answer to its creation shows. */
  readonly secrets?: (call: Call) => Readonly<Record<string, unknown>>
}

const filterNames = ['service_id', 'region_id', 'interface']

const kinds: readonly KeptKind[] = [
  {
    name: 'policy',
    plural: 'policies',
    path: '/policies',
    missing: (id) => `Could not find policy: ${id}.`,
    columns: { blob: '', type: '' },
    filters: { type: 'text' },
  },
  {
    name: 'consumer',
    plural: 'consumers',
    path: '/OS-OAUTH1/consumers',
    missing: () => 'Consumer not found',
    columns: { description: null },
    filters: {},
    secrets: (call) => ({ secret: call.context.ids.hex() }),
  },
  {
    name: 'endpoint_group',
    plural: 'endpoint_groups',
    path: '/OS-EP-FILTER/endpoint_groups',
    missing: (id) => `Could not find Endpoint Group: ${id}.`,
    columns: { name: '', description: null, filters: {} },
    filters: { name: 'text' },
    check: (body) => {
      const filters = Object.keys(body.record('filters') ?? {})
      if (filters.every((name) => filterNames.includes(name))) return
      throw expectingToFind('service_id or region_id or interface', 'endpoint_group')
    },
  },
]

const document = (call: Call, { path }: KeptKind, { id, fields, extra }: KeptDocumentRecord) => ({
  ...extra,
  id,
  ...fields,
  links: { self: `${call.serviceUrl}/v3${path}/${id}` },
})

const find = (call: Call, kind: KeptKind): KeptDocumentRecord => {
  const record = call.store.of(keptDocuments).get(call.param('id'))
  if (record?.type !== kind.name) throw notFound(kind.missing(call.param('id')))
  return record
}

const fieldsOf = ({ columns }: KeptKind, body: Body, before: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.keys(columns).map((key) => [key, body.has(key) ? body.fields[key] : before[key]]))

const extraOf = ({ secret: _, ...extra }: Readonly<Record<string, unknown>>) => extra

const create = (kind: KeptKind) => (call: Call) => {
  const body = readBody(call, kind.name, 'create')
  kind.check?.(body)
  const record = call.store.of(keptDocuments).insert({
    id: call.context.ids.hex(),
    type: kind.name,
    fields: fieldsOf(kind, body, kind.columns),
    extra: kind.secrets ? extraOf(body.extra) : body.extra,
  })
  const { links, ...shown } = document(call, kind, record)
  return created({ [kind.name]: { ...shown, ...kind.secrets?.(call), links } })
}

const update = (kind: KeptKind) => (call: Call) => {
  const body = readBody(call, kind.name, 'update')
  if (kind.secrets && 'secret' in body.fields) {
    throw badRequest(`${pythonRepr(body.fields)} should not be valid under {'required': ['secret']}`)
  }
  kind.check?.(body)
  const before = find(call, kind)
  const record = call.store.of(keptDocuments).update(before.id, {
    fields: fieldsOf(kind, body, before.fields),
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ [kind.name]: document(call, kind, record) })
}

const routesOf = (kind: KeptKind): Route[] => {
  const one = `${kind.path}/:id`
  const admin = (verb: string, name: string = kind.name) => ({ admin: `identity:${verb}_${name}` })
  const list = (call: Call) => {
    const records = call.store.of(keptDocuments).where({ type: kind.name })
    const documents = records.map((record) => document(call, kind, record))
    return ok(listDocument(call, kind.plural, filtered(call, documents, kind.filters)))
  }
  const remove = (call: Call) => {
    call.store.of(keptDocuments).delete(find(call, kind).id)
    return noContent()
  }
  return [
    {
      method: 'GET',
      path: kind.path,
      operation: `${kind.plural}.list`,
      access: admin('list', kind.plural),
      handle: list,
    },
    {
      method: 'POST',
      path: kind.path,
      operation: `${kind.plural}.create`,
      access: admin('create'),
      handle: create(kind),
    },
    {
      method: 'GET',
      path: one,
      operation: `${kind.plural}.show`,
      access: admin('get'),
      handle: (call) => ok({ [kind.name]: document(call, kind, find(call, kind)) }),
    },
    { method: 'PATCH', path: one, operation: `${kind.plural}.update`, access: admin('update'), handle: update(kind) },
    { method: 'DELETE', path: one, operation: `${kind.plural}.delete`, access: admin('delete'), handle: remove },
  ]
}

/** Policies, consumers of OAuth 1 and groups of endpoints. https://docs.openstack.org/api-ref/identity/v3/#policies */
export const keptDocumentRoutes: readonly Route[] = kinds.flatMap(routesOf)
