import * as z from 'zod'
import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { ok } from '../../kernel/reply.ts'
import type { Action, Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { type AggregateRecord, aggregates, servers } from './records.ts'
import { refuseUnknownAction } from './unknown-action.ts'
import { seedAggregates, zoneOf, zonesOf } from './zones.ts'

const seededAt = '2024-01-01T00:00:00.000000'

const stored = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoMicros(Math.floor(epochMs / 1000) * 1000)

const common = (call: Call, uuid: string) => ({
  deleted_at: null,
  deleted: false,
  ...(call.microversion.atLeast('2.41') ? { uuid } : {}),
})

const view = (call: Call, one: AggregateRecord) => ({
  id: Number(one.id),
  name: one.name,
  hosts: one.hosts,
  metadata: one.metadata,
  created_at: stored(one.created_at),
  updated_at: stored(one.updated_at),
  availability_zone: zoneOf(one) ?? null,
  ...common(call, one.uuid),
})

const seeded = (call: Call) =>
  seedAggregates(call.context).map(({ id, zone, hosts }) => ({
    id,
    name: zone,
    hosts,
    metadata: { availability_zone: zone },
    created_at: seededAt,
    updated_at: null,
    availability_zone: zone,
    ...common(call, `30000000-0000-4000-8000-${String(id).padStart(12, '0')}`),
  }))

const list = (call: Call) =>
  ok({
    aggregates: [
      ...seeded(call),
      ...call.store
        .of(aggregates)
        .all()
        .map((one) => view(call, one)),
    ],
  })

const idOf = (call: Call): string => {
  const id = call.param('id')
  if (!/^\s*[-+]?\d+\s*$/.test(id)) throw badRequest('Invalid input received: id must be an integer')
  return String(Number(id))
}

const missing = (id: string) => notFound(`Aggregate ${id} could not be found.`)

const show = (call: Call) => {
  const id = idOf(call)
  const ofSeed = seeded(call).find((one) => String(one.id) === id)
  if (ofSeed) return ok({ aggregate: ofSeed })
  const one = call.store.of(aggregates).get(id)
  if (!one) throw missing(id)
  return ok({ aggregate: view(call, one) })
}

/** The aggregate of the path, to be changed; the fake does not change those that its own zones are made of. */
const changeable = (call: Call): AggregateRecord => {
  const id = idOf(call)
  const one = call.store.of(aggregates).get(id)
  if (one) return one
  if (seedAggregates(call.context).some((seed) => String(seed.id) === id)) return notModelled(call)
  throw missing(id)
}

const createBody = z.object({
  aggregate: z.object({ name: z.string(), availability_zone: z.string().nullish() }),
})

const checkFreeName = (call: Call, name: string, ownId?: string): void => {
  const names = [
    ...seeded(call).map((one) => ({ id: String(one.id), name: one.name })),
    ...call.store.of(aggregates).all(),
  ]
  if (names.some((one) => one.name.toLowerCase() === name.toLowerCase() && one.id !== ownId)) {
    throw conflict(`Aggregate ${name} already exists.`)
  }
}

const create = (call: Call) => {
  const { aggregate: asked } = call.json(createBody)
  const name = asked.name.trim()
  checkFreeName(call, name)
  const all = call.store.of(aggregates)
  const zone = asked.availability_zone?.trim()
  const numbers = [seedAggregates(call.context).length, ...all.all().map(({ id }) => Number(id))]
  const one = all.insert({
    id: String(Math.max(...numbers) + 1),
    uuid: call.context.ids.uuid(),
    name,
    hosts: [],
    metadata: zone ? { availability_zone: zone } : {},
    created_at: call.now,
    updated_at: null,
  })
  const { hosts: _, metadata: __, ...shown } = view(call, one)
  return ok({ aggregate: { ...shown, created_at: isoMicros(one.created_at) } })
}

type Change = 'add host to' | 'update' | 'update metadata of'

/** Refuses a zone for hosts that have another one already, or servers. */
const checkZone = (call: Call, one: AggregateRecord, zone: string | null | undefined, change: Change): void => {
  if (zone === undefined) return
  const refuse = (reason: string): never => {
    const message = `Cannot ${change} aggregate ${one.id}. Reason: ${reason}.`
    throw change === 'add host to' ? conflict(message) : badRequest(message)
  }
  if (!zone) refuse(`Aggregate ${one.name} does not support empty named availability zone`)
  const others = [
    ...seedAggregates(call.context),
    ...call.store
      .of(aggregates)
      .all()
      .filter((other) => other.id !== one.id)
      .map((other) => ({ zone: zoneOf(other), hosts: other.hosts })),
  ]
  const conflicting = others.filter(
    (other) => other.zone !== undefined && other.zone !== zone && other.hosts.some((host) => one.hosts.includes(host)),
  )
  if (conflicting.length > 0) {
    const zones = conflicting.map((other) => `'${other.zone}'`).join(', ')
    refuse(`One or more hosts already in availability zone(s) [${zones}]`)
  }
  if (change === 'add host to' || zoneOf(one) === zone) return
  if (one.hosts.some((host) => call.store.of(servers).count('host', host) > 0)) {
    refuse('One or more hosts contain instances in this zone')
  }
}

/** Nova shows the moment of a change; of a change of metadata the database keeps none. */
const changedNow = (call: Call, one: AggregateRecord) =>
  ok({ aggregate: { ...view(call, one), updated_at: isoMicros(call.now) } })

const updateBody = z.object({
  aggregate: z.object({ name: z.string().optional(), availability_zone: z.string().nullish() }),
})

const update = (call: Call) => {
  const { aggregate: asked } = call.json(updateBody)
  const one = changeable(call)
  const name = asked.name?.trim()
  if (name !== undefined) checkFreeName(call, name, one.id)
  const zone = asked.availability_zone
  checkZone(call, one, zone, 'update')
  const changed = call.store.of(aggregates).update(one.id, {
    ...(name === undefined ? {} : { name }),
    ...(name === undefined ? {} : { updated_at: call.now }),
    ...(zone ? { metadata: { ...one.metadata, availability_zone: zone } } : {}),
  })
  return changedNow(call, changed)
}

const remove = (call: Call) => {
  const one = changeable(call)
  if (one.hosts.length > 0) {
    throw badRequest(`Cannot remove host from aggregate ${one.id}. Reason: Host aggregate is not empty.`)
  }
  call.store.of(aggregates).delete(one.id)
  return ok(undefined)
}

const hasHost = (call: Call, host: string): boolean => Object.values(zonesOf(call.context)).flat().includes(host)

const addHost = (call: Call) => {
  const { host } = call.json(z.object({ add_host: z.object({ host: z.string() }) })).add_host
  idOf(call)
  if (!hasHost(call, host)) throw notFound(`Compute host ${host} could not be found.`)
  const one = changeable(call)
  checkZone(call, { ...one, hosts: [host] }, zoneOf(one), 'add host to')
  if (one.hosts.includes(host)) throw conflict(`Aggregate ${one.id} already has host ${host}.`)
  const changed = call.store.of(aggregates).update(one.id, { hosts: [...one.hosts, host] })
  return ok({ aggregate: view(call, changed) })
}

const removeHost = (call: Call) => {
  const { host } = call.json(z.object({ remove_host: z.object({ host: z.string() }) })).remove_host
  const id = idOf(call)
  const refused = notFound(`Cannot remove host ${host} in aggregate ${call.param('id')}`)
  const isSeeded = seedAggregates(call.context).some((seed) => String(seed.id) === id)
  if (!hasHost(call, host) || !(isSeeded || call.store.of(aggregates).has(id))) throw refused
  const one = changeable(call)
  if (!one.hosts.includes(host)) throw refused
  const changed = call.store.of(aggregates).update(one.id, { hosts: one.hosts.filter((other) => other !== host) })
  return ok({ aggregate: view(call, changed) })
}

const metadataBody = z.object({
  set_metadata: z.object({ metadata: z.record(z.string(), z.string().nullable()) }),
})

/** A value of null removes the key; all others stay. */
const setMetadata = (call: Call) => {
  const { metadata: asked } = call.json(metadataBody).set_metadata
  const one = changeable(call)
  checkZone(call, one, asked['availability_zone'], 'update metadata of')
  const merged = Object.entries({ ...one.metadata, ...asked })
  const metadata = Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
  const changed = call.store.of(aggregates).update(one.id, { metadata })
  return changedNow(call, changed)
}

const admin = (verb: string) => ({ admin: `os_compute_api:os-aggregates:${verb}` })

const actions: Readonly<Record<string, Action>> = {
  add_host: { operation: 'aggregates.add-host', access: admin('add_host'), handle: addHost },
  remove_host: { operation: 'aggregates.remove-host', access: admin('remove_host'), handle: removeHost },
  set_metadata: { operation: 'aggregates.set-metadata', access: admin('set_metadata'), handle: setMetadata },
}

/** https://docs.openstack.org/api-ref/compute/#host-aggregates-os-aggregates */
export const aggregateRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-aggregates', operation: 'aggregates.list', access: admin('index'), handle: list },
  { method: 'POST', path: '/os-aggregates', operation: 'aggregates.create', access: admin('create'), handle: create },
  { method: 'GET', path: '/os-aggregates/:id', operation: 'aggregates.show', access: admin('show'), handle: show },
  {
    method: 'PUT',
    path: '/os-aggregates/:id',
    operation: 'aggregates.update',
    access: admin('update'),
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/os-aggregates/:id',
    operation: 'aggregates.delete',
    access: admin('delete'),
    handle: remove,
  },
  {
    method: 'POST',
    path: '/os-aggregates/:id/action',
    operation: 'aggregates.action',
    handle: refuseUnknownAction,
    actions,
  },
]
