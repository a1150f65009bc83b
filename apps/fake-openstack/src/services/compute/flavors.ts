import * as z from 'zod'
import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { byKeys, pageOf } from '../../kernel/pagination.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { linksOf, nextLinks } from './links.ts'
import { limitAndMarker, maxPage, sortParams } from './query.ts'
import { type FlavorRecord, flavors } from './records.ts'

const sortKeys: Readonly<Record<string, (flavor: FlavorRecord) => unknown>> = {
  created_at: () => null,
  description: (r) => r.description,
  disabled: (r) => Number(r.disabled),
  ephemeral_gb: (r) => r.ephemeral,
  flavorid: (r) => r.id,
  id: () => 0,
  is_public: (r) => Number(r.is_public),
  memory_mb: (r) => r.ram,
  name: (r) => r.name,
  root_gb: (r) => r.disk,
  rxtx_factor: (r) => r.rxtx_factor,
  swap: (r) => r.swap,
  updated_at: () => null,
  vcpu_weight: () => null,
  vcpus: (r) => r.vcpus,
}

/** The flavor if the caller may see it; Nova's 404 otherwise. */
export const visibleFlavor = (call: Call, id: string): FlavorRecord => {
  const flavor = call.store.of(flavors).get(id)
  if (!flavor || !(call.isAdmin || isUsable(call, flavor))) throw notFound(`Flavor ${id} could not be found.`)
  return flavor
}

/** Whether the caller's project may use the flavor: it is public, or the project has access. */
const isUsable = (call: Call, flavor: FlavorRecord): boolean =>
  flavor.is_public || (flavor.access?.includes(call.projectId) ?? false)

const basic = (call: Call, flavor: FlavorRecord) => ({
  id: flavor.id,
  name: flavor.name,
  links: linksOf(call, 'flavors', flavor.id),
  ...(call.microversion.atLeast('2.55') ? { description: flavor.description } : {}),
})

const detailed = (call: Call, flavor: FlavorRecord) => ({
  id: flavor.id,
  name: flavor.name,
  ram: flavor.ram,
  disk: flavor.disk,
  // An empty text for no swap, until 2.75.
  swap: flavor.swap === 0 && !call.microversion.atLeast('2.75') ? '' : flavor.swap,
  'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeral,
  ...(call.microversion.atLeast('2.102') ? {} : { 'OS-FLV-DISABLED:disabled': flavor.disabled }),
  vcpus: flavor.vcpus,
  'os-flavor-access:is_public': flavor.is_public,
  ...(call.microversion.atLeast('2.102') ? {} : { rxtx_factor: flavor.rxtx_factor }),
  links: linksOf(call, 'flavors', flavor.id),
  ...(call.microversion.atLeast('2.55') ? { description: flavor.description } : {}),
  ...(call.microversion.atLeast('2.61') ? { extra_specs: flavor.extra_specs } : {}),
})

const minimum = (call: Call, name: string): number => {
  const text = call.query.getAll(name).at(-1)
  if (text === undefined) return 0
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw badRequest(`Invalid ${name} filter [${text}]`)
  return Number(text)
}

/** `is_public`: for admins only; `None` means both kinds. */
const wantedPublic = (call: Call): boolean | undefined => {
  const text = call.query.getAll('is_public').at(-1)
  // Nova does not look at it for others: clients send it always.
  if (!call.isAdmin || text === undefined) return true
  if (text === 'None') return undefined
  if (/^(true|t|yes|y|on|1)$/i.test(text)) return true
  if (/^(false|f|no|n|off|0)$/i.test(text)) return false
  throw badRequest(`Invalid is_public filter [${text}]`)
}

const list = (view: (call: Call, flavor: FlavorRecord) => object, path: string) => (call: Call) => {
  const { limit, marker } = limitAndMarker(call)
  const sort = sortParams(call, Object.keys(sortKeys).sort(), { key: 'flavorid', direction: 'asc' })
  const [minRam, minDisk] = [minimum(call, 'minRam'), minimum(call, 'minDisk')]
  const isPublic = wantedPublic(call)
  const page = pageOf(call, call.store.of(flavors), {
    matches: (r) =>
      r.ram >= minRam &&
      r.disk >= minDisk &&
      (call.isAdmin ? isPublic === undefined || r.is_public === isPublic : isUsable(call, r)),
    sort: byKeys(sort.map(({ key, descending }) => ({ of: sortKeys[key] ?? (() => 0), descending }))),
    limit,
    marker,
    maxPage,
    unknownMarker: (id) => badRequest(`marker [${id}] not found`),
  })
  const last = page.isFull ? page.items.at(-1) : undefined
  return ok({
    flavors: page.items.map((flavor) => view(call, flavor)),
    ...(last ? { flavors_links: nextLinks(call, path, last.id) } : {}),
  })
}

const show = (call: Call) => {
  return ok({ flavor: detailed(call, visibleFlavor(call, call.param('flavor_id'))) })
}

const number = z.union([z.number().int(), z.string().regex(/^[0-9]+$/)]).transform(Number)

const createSchema = z.strictObject({
  flavor: z.strictObject({
    name: z.string().min(1).max(255),
    id: z.union([z.string().max(255), z.number()]).nullish(),
    ram: number,
    vcpus: number,
    disk: number,
    'OS-FLV-EXT-DATA:ephemeral': number.optional(),
    swap: number.optional(),
    rxtx_factor: z.union([z.number(), z.string()]).optional(),
    'os-flavor-access:is_public': z.boolean().optional(),
    description: z.string().max(65535).nullish(),
  }),
})

const create = (call: Call) => {
  const { flavor: asked } = call.json(createSchema)
  const all = call.store.of(flavors)
  const id = asked.id == null || asked.id === 'auto' ? call.context.ids.uuid() : String(asked.id)
  if (all.has(id)) throw conflict(`Flavor with ID ${id} already exists.`)
  if (all.find({ name: asked.name })) throw conflict(`Flavor with name ${asked.name} already exists.`)
  const flavor = all.insert({
    id,
    name: asked.name,
    ram: asked.ram,
    vcpus: asked.vcpus,
    disk: asked.disk,
    ephemeral: asked['OS-FLV-EXT-DATA:ephemeral'] ?? 0,
    swap: asked.swap ?? 0,
    is_public: asked['os-flavor-access:is_public'] ?? true,
    disabled: false,
    rxtx_factor: Number(asked.rxtx_factor ?? 1),
    description: asked.description ?? null,
    extra_specs: {},
  })
  return ok({ flavor: detailed(call, flavor) })
}

const remove = (call: Call) => {
  const id = call.param('flavor_id')
  if (!call.store.of(flavors).delete(id)) throw notFound(`Flavor ${id} could not be found.`)
  return accepted()
}

const listSpecs = (call: Call) => ok({ extra_specs: visibleFlavor(call, call.param('flavor_id')).extra_specs })

const showSpec = (call: Call) => {
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  const key = call.param('key')
  const value = flavor.extra_specs[key]
  if (value === undefined) throw notFound(`Flavor ${flavor.id} has no extra specs with key ${key}.`)
  return ok({ [key]: value })
}

const specsSchema = z.strictObject({
  extra_specs: z.record(z.string().regex(/^[a-zA-Z0-9-_:. ]{1,255}$/), z.coerce.string().max(255)),
})

const addSpecs = (call: Call) => {
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  const { extra_specs } = call.json(specsSchema)
  call.store.of(flavors).update(flavor.id, { extra_specs: { ...flavor.extra_specs, ...extra_specs } })
  return ok({ extra_specs })
}

const removeSpec = (call: Call) => {
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  const key = call.param('key')
  if (!(key in flavor.extra_specs)) throw notFound(`Flavor ${flavor.id} has no extra specs with key ${key}.`)
  const { [key]: _, ...extra_specs } = flavor.extra_specs
  call.store.of(flavors).update(flavor.id, { extra_specs })
  return ok(undefined)
}

const updateSchema = z.strictObject({ flavor: z.strictObject({ description: z.string().max(65535).nullable() }) })

/** Only the description changes, from 2.55 on. */
const update = (call: Call) => {
  if (!call.microversion.atLeast('2.55')) throw notFound('The resource could not be found.')
  const { description } = call.json(updateSchema).flavor
  const { id } = visibleFlavor(call, call.param('flavor_id'))
  return ok({ flavor: detailed(call, call.store.of(flavors).update(id, { description })) })
}

const specSchema = z.record(z.string().regex(/^[a-zA-Z0-9-_:. ]{1,255}$/), z.coerce.string().max(255))

/** Replaces one extra spec, which the body names once more. */
const updateSpec = (call: Call) => {
  const sent = call.json(specSchema)
  const key = call.param('key')
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  const value = sent[key]
  if (value === undefined || Object.keys(sent).length > 1) throw badRequest('Request body and URI mismatch')
  call.store.of(flavors).update(flavor.id, { extra_specs: { ...flavor.extra_specs, [key]: value } })
  return ok({ [key]: value })
}

const admin = (rule: string) => ({ admin: `os_compute_api:${rule}` })

/** https://docs.openstack.org/api-ref/compute/#flavors */
export const flavorRoutes: readonly Route[] = [
  { method: 'GET', path: '/flavors', operation: 'flavors.list', handle: list(basic, 'flavors') },
  {
    method: 'GET',
    path: '/flavors/detail',
    operation: 'flavors.list-detail',
    handle: list(detailed, 'flavors/detail'),
  },
  {
    method: 'POST',
    path: '/flavors',
    operation: 'flavors.create',
    access: admin('os-flavor-manage:create'),
    handle: create,
  },
  { method: 'GET', path: '/flavors/:flavor_id', operation: 'flavors.show', handle: show },
  {
    method: 'DELETE',
    path: '/flavors/:flavor_id',
    operation: 'flavors.delete',
    access: admin('os-flavor-manage:delete'),
    handle: remove,
  },
  {
    method: 'PUT',
    path: '/flavors/:flavor_id',
    operation: 'flavors.update',
    access: admin('os-flavor-manage:update'),
    handle: update,
  },
  {
    method: 'PUT',
    path: '/flavors/:flavor_id/os-extra_specs/:key',
    operation: 'flavors.update-extra-spec',
    access: admin('os-flavor-extra-specs:update'),
    handle: updateSpec,
  },
  {
    method: 'GET',
    path: '/flavors/:flavor_id/os-extra_specs',
    operation: 'flavors.list-extra-specs',
    handle: listSpecs,
  },
  {
    method: 'POST',
    path: '/flavors/:flavor_id/os-extra_specs',
    operation: 'flavors.create-extra-specs',
    access: admin('os-flavor-extra-specs:create'),
    handle: addSpecs,
  },
  {
    method: 'GET',
    path: '/flavors/:flavor_id/os-extra_specs/:key',
    operation: 'flavors.show-extra-spec',
    handle: showSpec,
  },
  {
    method: 'DELETE',
    path: '/flavors/:flavor_id/os-extra_specs/:key',
    operation: 'flavors.delete-extra-spec',
    access: admin('os-flavor-extra-specs:delete'),
    handle: removeSpec,
  },
]
