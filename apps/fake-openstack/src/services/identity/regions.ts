import { ApiError, badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument } from './documents.ts'
import { filtered } from './filters.ts'
import { endpoints, type RegionRecord, regions } from './records.ts'
import { checkId, readBody } from './schemas.ts'

/** The cloud's own regions, which its settings name, then the added ones. */
const allOf = (call: Call): readonly RegionRecord[] => [
  ...call.context.settings.regions.map(ownRegion),
  ...call.store.of(regions).all(),
]

const ownRegion = (id: string): RegionRecord => ({ id, description: '', parent_region_id: null, extra: {} })

/** Whether there is a region of this id. */
export const hasRegion = (call: Call, id: string): boolean =>
  call.context.settings.regions.includes(id) || call.store.of(regions).has(id)

const documentOf = (call: Call, region: RegionRecord) => ({
  id: region.id,
  description: region.description,
  parent_region_id: region.parent_region_id,
  ...region.extra,
  links: { self: `${call.serviceUrl}/v3/regions/${region.id}` },
})

const missing = (id: string): ApiError => notFound(`Could not find region: ${id}.`)

const find = (call: Call): RegionRecord => {
  const id = call.param('region_id')
  const region = call.context.settings.regions.includes(id) ? ownRegion(id) : call.store.of(regions).get(id)
  if (!region) throw missing(id)
  return region
}

const list = (call: Call) => {
  const documents = allOf(call).map((region) => documentOf(call, region))
  return ok(listDocument(call, 'regions', filtered(call, documents, { parent_region_id: 'text' })))
}

const add = (call: Call, id: string, body: ReturnType<typeof readBody>) => {
  if ([...id].length > 255) {
    throw badRequest(`String length exceeded. The length of string '${id}' exceeds the limit of column id(CHAR(255)).`)
  }
  if (hasRegion(call, id)) {
    throw conflict(`Conflict occurred attempting to store region - Duplicate ID, ${id}..`)
  }
  const parent_region_id = body.textOrNull('parent_region_id') ?? null
  if (parent_region_id !== null && !hasRegion(call, parent_region_id)) throw missing(parent_region_id)
  const description = body.textOrNull('description') ?? ''
  const region = call.store.of(regions).insert({ id, description, parent_region_id, extra: body.extra })
  return created({ region: documentOf(call, region) })
}

const create = (call: Call) => {
  const body = readBody(call, 'region', 'create')
  return add(call, body.text('id') || call.context.ids.hex(), body)
}

const put = (call: Call) => {
  const body = readBody(call, 'region', 'create')
  const id = call.param('region_id')
  const asked = body.text('id')
  if (asked !== undefined && asked !== id) throw badRequest(`Conflicting region IDs specified: "${id}" != "${asked}"`)
  return add(call, id, body)
}

const update = (call: Call) => {
  const body = readBody(call, 'region', 'update')
  checkId(body, call.param('region_id'))
  const before = find(call)
  if (!call.store.of(regions).has(before.id)) {
    throw new ApiError(501, 'The fake does not model changes of the regions that it is made of.')
  }
  const parent = body.textOrNull('parent_region_id')
  if (typeof parent === 'string' && !hasRegion(call, parent)) throw missing(parent)
  const region = call.store.of(regions).update(before.id, {
    description: body.textOrNull('description') ?? before.description,
    parent_region_id: parent === undefined ? before.parent_region_id : parent,
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ region: documentOf(call, region) })
}

const remove = (call: Call) => {
  const { id } = find(call)
  const all = call.store.of(regions)
  const ids = [id, ...all.where({ parent: id }).map((child) => child.id)]
  if (!all.has(id) || ids.some((one) => call.store.of(endpoints).count('region', one) > 0)) {
    throw forbidden(`Unable to delete region ${id} because it or its child regions have associated endpoints.`)
  }
  for (const one of ids) all.delete(one)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const one = '/regions/:region_id'

/** https://docs.openstack.org/api-ref/identity/v3/#regions */
export const regionRoutes: readonly Route[] = [
  { method: 'GET', path: '/regions', operation: 'regions.list', handle: list },
  { method: 'POST', path: '/regions', operation: 'regions.create', access: admin('create_region'), handle: create },
  {
    method: 'GET',
    path: one,
    operation: 'regions.show',
    handle: (call) => ok({ region: documentOf(call, find(call)) }),
  },
  { method: 'PUT', path: one, operation: 'regions.put', access: admin('create_region'), handle: put },
  { method: 'PATCH', path: one, operation: 'regions.update', access: admin('update_region'), handle: update },
  { method: 'DELETE', path: one, operation: 'regions.delete', access: admin('delete_region'), handle: remove },
]
