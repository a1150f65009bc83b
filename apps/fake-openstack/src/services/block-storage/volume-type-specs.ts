import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsJson, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type VolumeTypeRecord, volumeTypes } from './records.ts'
import { isTypeInUse, specsFor, typeOf } from './volume-types.ts'

const list = (call: Call) => ok({ extra_specs: specsFor(call, typeOf(call)) })

const noKey = (type: VolumeTypeRecord, key: string) =>
  notFound(`Volume Type ${type.id} has no extra specs with key ${key}.`)

const show = (call: Call) => {
  const type = typeOf(call)
  const key = call.param('key')
  const value = specsFor(call, type)[key]
  if (value === undefined) throw noKey(type, key)
  return ok({ [key]: value })
}

/** Cinder changes the specs of a type only while no volume has the type. */
const checkUnused = (call: Call): void => {
  if (isTypeInUse(call, call.param('id'))) throw badRequest('Volume Type is currently in use.')
}

const isOn = '<is> True'

const checkCacheable = (type: VolumeTypeRecord, specs: VolumeTypeRecord['extra_specs']): void => {
  const { multiattach, cacheable } = { ...type.extra_specs, ...specs }
  const isChanged = specs['multiattach'] === isOn || specs['cacheable'] === isOn
  if (isChanged && multiattach === isOn && cacheable === isOn) {
    throw badRequest('cacheable cannot be set with multiattach.')
  }
}

const save = (call: Call, type: VolumeTypeRecord, specs: VolumeTypeRecord['extra_specs']): void => {
  call.store.of(volumeTypes).update(type.id, { extra_specs: { ...type.extra_specs, ...specs } })
}

const specsSchema = z.record(z.string(), z.string().nullable())

const create = (call: Call) => {
  const { extra_specs } = call.json(z.strictObject({ extra_specs: specsSchema }))
  checkUnused(call)
  const type = typeOf(call)
  checkCacheable(type, extra_specs)
  save(call, type, extra_specs)
  return ok({ extra_specs })
}

const update = (call: Call) => {
  const specs = call.json(specsSchema)
  checkUnused(call)
  const type = typeOf(call)
  if (!Object.hasOwn(specs, call.param('key'))) throw badRequest('Request body and URI mismatch')
  save(call, type, specs)
  return ok(specs)
}

const remove = (call: Call) => {
  const type = typeOf(call)
  call.requireAdmin('volume_extension:types_extra_specs:delete')
  checkUnused(call)
  const { [call.param('key')]: gone, ...rest } = type.extra_specs
  if (gone === undefined) throw noKey(type, call.param('key'))
  call.store.of(volumeTypes).update(type.id, { extra_specs: rest })
  return acceptedAsJson()
}

const admin = (verb: string) => ({ admin: `volume_extension:types_extra_specs:${verb}` })

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types: extra specs. */
export const volumeTypeSpecRoutes: readonly Route[] = [
  { method: 'GET', path: '/types/:id/extra_specs', operation: 'extra-specs.list', handle: list },
  { method: 'GET', path: '/types/:id/extra_specs/:key', operation: 'extra-specs.show', handle: show },
  {
    method: 'POST',
    path: '/types/:id/extra_specs',
    operation: 'extra-specs.create',
    access: admin('create'),
    handle: create,
  },
  {
    method: 'PUT',
    path: '/types/:id/extra_specs/:key',
    operation: 'extra-specs.update',
    access: admin('update'),
    handle: update,
  },
  { method: 'DELETE', path: '/types/:id/extra_specs/:key', operation: 'extra-specs.delete', handle: remove },
]
