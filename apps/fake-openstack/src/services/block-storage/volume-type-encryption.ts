import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { volumeTypes } from './records.ts'
import { isTypeInUse, typeOf } from './volume-types.ts'
import { storedTime } from './volume-view.ts'

const fields = z.looseObject({
  provider: z.string(),
  control_location: z.string(),
  cipher: z.string().nullish(),
  key_size: z.union([z.number(), z.string()]).nullish(),
})

const none = (id: string) => notFound(`Volume type encryption for type ${id} does not exist.`)

const checkUnused = (call: Call, verb: string): void => {
  if (isTypeInUse(call, call.param('id'))) throw badRequest(`Cannot ${verb} encryption specs. Volume type in use.`)
}

const numberOrNull = (value: number | string | null | undefined): number | null =>
  value == null ? null : Number(value)

const create = (call: Call) => {
  const { encryption: asked } = call.json(z.strictObject({ encryption: fields }))
  checkUnused(call, 'create')
  const type = typeOf(call)
  if (type.encryption) throw badRequest(`Volume type encryption for type ${type.id} already exists.`)
  const encryption = {
    encryption_id: call.context.ids.uuid(),
    provider: asked.provider,
    control_location: asked.control_location,
    cipher: asked.cipher ?? null,
    key_size: numberOrNull(asked.key_size),
    created_at: call.now,
    updated_at: null,
  }
  call.store.of(volumeTypes).update(type.id, { encryption })
  const shown = asked.key_size === undefined ? asked : { ...asked, key_size: encryption.key_size }
  return ok({ encryption: { ...shown, volume_type_id: type.id, encryption_id: encryption.encryption_id } })
}

const update = (call: Call) => {
  const { encryption: asked } = call.json(z.strictObject({ encryption: fields.partial() }))
  const type = typeOf(call)
  checkUnused(call, 'update')
  if (!type.encryption) throw none(type.id)
  const { provider, control_location, cipher } = asked
  const encryption = {
    ...type.encryption,
    ...(provider === undefined ? {} : { provider }),
    ...(control_location === undefined ? {} : { control_location }),
    ...(cipher === undefined ? {} : { cipher }),
    ...(asked.key_size === undefined ? {} : { key_size: numberOrNull(asked.key_size) }),
    updated_at: call.now,
  }
  call.store.of(volumeTypes).update(type.id, { encryption })
  return ok({ encryption: asked.key_size === undefined ? asked : { ...asked, key_size: encryption.key_size } })
}

/** The row of the database; empty when there is none. */
const specsOf = (call: Call): Readonly<Record<string, unknown>> => {
  const { id, encryption } = typeOf(call)
  if (!encryption) return {}
  return {
    ...encryption,
    volume_type_id: id,
    created_at: storedTime(encryption.created_at),
    updated_at: storedTime(encryption.updated_at),
    deleted: false,
    deleted_at: null,
  }
}

const list = (call: Call) => ok(specsOf(call))

const show = (call: Call) => {
  const specs = specsOf(call)
  const key = call.param('key')
  if (!Object.hasOwn(specs, key)) throw none(call.param('id'))
  return ok({ [key]: specs[key] })
}

const remove = (call: Call) => {
  checkUnused(call, 'delete')
  const type = call.store.of(volumeTypes).get(call.param('id'))
  if (!type?.encryption) throw none(call.param('id'))
  call.store.of(volumeTypes).update(type.id, { encryption: null })
  return acceptedAsHtml()
}

const admin = (verb: string) => ({ admin: `volume_extension:volume_type_encryption:${verb}` })

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types: encryption of a type. */
export const volumeTypeEncryptionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/types/:id/encryption',
    operation: 'type-encryption.list',
    access: admin('get'),
    handle: list,
  },
  {
    method: 'POST',
    path: '/types/:id/encryption',
    operation: 'type-encryption.create',
    access: admin('create'),
    handle: create,
  },
  {
    method: 'GET',
    path: '/types/:id/encryption/:key',
    operation: 'type-encryption.show',
    access: admin('get'),
    handle: show,
  },
  {
    method: 'PUT',
    path: '/types/:id/encryption/:key',
    operation: 'type-encryption.update',
    access: admin('update'),
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/types/:id/encryption/:key',
    operation: 'type-encryption.delete',
    access: admin('delete'),
    handle: remove,
  },
]
