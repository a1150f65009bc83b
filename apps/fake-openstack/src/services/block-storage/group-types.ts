import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { nextHref, pageOf } from '../../kernel/pagination.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { since } from './cinder-errors.ts'
import { groups } from './group-records.ts'
import { limitOf, maxPage, offsetOf, sortOf, wantedPublicity } from './list-query.ts'
import { type GroupTypeRecord, groupTypes } from './records.ts'
import { isTrue } from './schema-fields.ts'

/** Users do not see the specs. */
const view = (call: Call, { id, name, description, is_public, group_specs }: GroupTypeRecord) => ({
  ...{ id, name, description, is_public },
  ...(call.isAdmin ? { group_specs } : {}),
})

/** The type of the path, if the caller may use it. */
export const groupTypeOf = (call: Call): GroupTypeRecord => {
  const type = call.store.of(groupTypes).get(call.param('id'))
  if (!type || !(type.is_public || call.isAdmin)) throw notFound(`Group type ${call.param('id')} could not be found.`)
  return type
}

const sortKeys: Readonly<Record<string, (type: GroupTypeRecord) => unknown>> = {
  id: (type) => type.id,
  name: (type) => type.name,
  created_at: () => 0,
  updated_at: () => 0,
  is_public: (type) => String(type.is_public),
}

/** No filter but the publicity is looked at. */
const list = (call: Call) => {
  const isPublic = wantedPublicity(call)
  const all = call.store.of(groupTypes)
  const limit = limitOf(call)
  const sort = sortOf(call, { sortKeys })
  const offset = offsetOf(call)
  const marker = call.query.get('marker') ?? undefined
  let skipped = 0
  const page = pageOf(call, all, {
    where: {},
    matches: (type) => {
      if (isPublic !== undefined && type.is_public !== isPublic) return false
      skipped += 1
      return skipped > offset
    },
    reverse: true,
    ...(sort ? { sort } : {}),
    limit,
    marker: marker !== undefined && all.has(marker) ? marker : undefined,
    maxPage,
    unknownMarker: (id) => notFound(id),
  })
  const last = page.items.at(-1)
  const project = call.params['project_id']
  const base = `${call.serviceUrl}/v3/${project === undefined ? '' : `${project}/`}group_types`
  return ok({
    group_types: page.items.map((type) => view(call, type)),
    ...(page.isFull && last ? { group_type_links: [{ rel: 'next', href: nextHref(call, last.id, base) }] } : {}),
  })
}

const show = (call: Call) => ok({ group_type: view(call, groupTypeOf(call)) })

const showDefault = () => {
  throw notFound('Default group type can not be found.')
}

const createBody = z.strictObject({
  group_type: z.strictObject({
    name: z.string(),
    description: z.string().nullish(),
    group_specs: z.record(z.string(), z.string().nullable()).optional(),
    is_public: z.unknown().optional(),
  }),
})

const create = (call: Call) => {
  const { group_type: asked } = call.json(createBody)
  const type = call.store.of(groupTypes).insert({
    id: call.context.ids.uuid(),
    name: asked.name,
    description: asked.description ?? null,
    is_public: asked.is_public === undefined || isTrue(asked.is_public),
    group_specs: asked.group_specs ?? {},
  })
  return accepted({ group_type: view(call, type) })
}

const updateBody = z.strictObject({
  group_type: z.strictObject({
    name: z.string().nullish(),
    description: z.string().nullish(),
    is_public: z.unknown().optional(),
  }),
})

const update = (call: Call) => {
  const { name = null, description = null, is_public = null } = call.json(updateBody).group_type
  if (name === null && description === null && is_public === null) {
    throw badRequest('Specify group type name, description or a combination thereof.')
  }
  const changed = call.store.of(groupTypes).update(groupTypeOf(call).id, {
    ...(name === null ? {} : { name }),
    ...(description === null ? {} : { description }),
    ...(is_public === null ? {} : { is_public: isTrue(is_public) }),
  })
  return ok({ group_type: view(call, changed) })
}

const remove = (call: Call) => {
  const { id } = groupTypeOf(call)
  if (call.store.of(groups).count('type', id) > 0) throw badRequest('Target group type is still in use.')
  call.store.of(groupTypes).delete(id)
  return acceptedAsHtml()
}

const specsSchema = z.record(z.string(), z.string().nullable())

const listSpecs = (call: Call) => ok({ group_specs: groupTypeOf(call).group_specs })

const showSpec = (call: Call) => {
  const { id, group_specs } = groupTypeOf(call)
  const key = call.param('key')
  if (!Object.hasOwn(group_specs, key)) throw notFound(`Group Type ${id} has no extra spec with key ${key}.`)
  return ok({ [key]: group_specs[key] })
}

const saveSpecs = (call: Call, specs: GroupTypeRecord['group_specs']): void => {
  const type = groupTypeOf(call)
  call.store.of(groupTypes).update(type.id, { group_specs: { ...type.group_specs, ...specs } })
}

const createSpecs = (call: Call) => {
  const body = call.json(z.strictObject({ group_specs: specsSchema }))
  saveSpecs(call, body.group_specs)
  return accepted(body)
}

const updateSpec = (call: Call) => {
  const specs = call.json(specsSchema)
  if (!Object.hasOwn(specs, call.param('key'))) throw badRequest('Request body and URI mismatch')
  saveSpecs(call, specs)
  return ok(specs)
}

const removeSpec = (call: Call) => {
  const { id, group_specs } = groupTypeOf(call)
  const { [call.param('key')]: gone, ...rest } = group_specs
  if (gone === undefined) throw notFound(`Group Type ${id} has no specs with key ${call.param('key')}.`)
  call.store.of(groupTypes).update(id, { group_specs: rest })
  return acceptedAsHtml()
}

const one = '/group_types/:id'
const specs = `${one}/group_specs`
const table: readonly (readonly [
  method: Method,
  path: string,
  name: string,
  policy: string | null,
  handle: Handler,
])[] = [
  ['GET', '/group_types', 'group-types.list', null, list],
  ['POST', '/group_types', 'group-types.create', 'group_types:create', create],
  ['GET', '/group_types/default', 'group-types.default', null, showDefault],
  ['GET', one, 'group-types.show', null, show],
  ['PUT', one, 'group-types.update', 'group_types:update', update],
  ['DELETE', one, 'group-types.delete', 'group_types:delete', remove],
  ['GET', specs, 'group-specs.list', 'group_types_specs:get_all', listSpecs],
  ['POST', specs, 'group-specs.create', 'group_types_specs:create', createSpecs],
  ['GET', `${specs}/:key`, 'group-specs.show', 'group_types_specs:get', showSpec],
  ['PUT', `${specs}/:key`, 'group-specs.update', 'group_types_specs:update', updateSpec],
  ['DELETE', `${specs}/:key`, 'group-specs.delete', 'group_types_specs:delete', removeSpec],
]

/** https://docs.openstack.org/api-ref/block-storage/v3/#group-types-group-types, from 3.11 on. */
export const groupTypeRoutes: readonly Route[] = table.map(([method, path, operation, policy, handle]) => ({
  method,
  path,
  operation,
  handle: since('3.11', (call) => {
    if (policy !== null) call.requireAdmin(`group:${policy}`)
    return handle(call)
  }),
}))
