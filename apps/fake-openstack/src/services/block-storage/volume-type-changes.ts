import * as z from 'zod'
import { ApiError, badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { defaultVolumeType } from './creation.ts'
import { groups } from './group-records.ts'
import { type VolumeTypeRecord, volumeTypes } from './records.ts'
import { isTrue } from './schema-fields.ts'
import { noSuchAction } from './volume-actions.ts'
import { changedTypeView, isTypeInUse, typeOf } from './volume-types.ts'

const createBody = z.strictObject({
  volume_type: z.strictObject({
    name: z.string(),
    description: z.string().nullish(),
    extra_specs: z.record(z.string(), z.string().nullable()).optional(),
    'os-volume-type-access:is_public': z.unknown().optional(),
  }),
})

/** Names are compared without case, as the database does. */
const checkFreeName = (call: Call, name: string, ownId?: string): void => {
  const known = call.store.of(volumeTypes).find({ name: name.toLowerCase() })
  if (known && known.id !== ownId) throw conflict(`Volume Type ${name} already exists.`)
}

const create = (call: Call) => {
  const { volume_type: asked } = call.json(createBody)
  checkFreeName(call, asked.name)
  const isPublic = asked['os-volume-type-access:is_public']
  const type = call.store.of(volumeTypes).insert({
    id: call.context.ids.uuid(),
    name: asked.name,
    description: asked.description ?? null,
    is_public: isPublic === undefined || isTrue(isPublic),
    is_default: false,
    extra_specs: asked.extra_specs ?? {},
  })
  return ok({ volume_type: { ...changedTypeView(call, type), 'os-volume-type-access:is_public': type.is_public } })
}

const updateBody = z.strictObject({
  volume_type: z.strictObject({
    name: z.string().nullish(),
    description: z.string().nullish(),
    is_public: z.unknown().optional(),
  }),
})

const update = (call: Call) => {
  const { volume_type: asked } = call.json(updateBody)
  const { name = null, description = null, is_public = null } = asked
  if (name !== null && name !== '' && name.trim() === '') throw badRequest('Volume type name can not be empty.')
  if (name === null && description === null && is_public === null) {
    throw badRequest('Specify volume type name, description, is_public or a combination thereof.')
  }
  const type = typeOf(call)
  if (name !== null) checkFreeName(call, name, type.id)
  const changed = call.store.of(volumeTypes).update(type.id, {
    ...(name === null ? {} : { name }),
    ...(description === null ? {} : { description }),
    ...(is_public === null ? {} : { is_public: isTrue(is_public) }),
  })
  return ok({ volume_type: changedTypeView(call, changed) })
}

const remove = (call: Call) => {
  const type = typeOf(call)
  const byDefault = defaultVolumeType(call.context)
  if (!byDefault) {
    throw new ApiError(500, 'The request cannot be fulfilled as the default volume type __DEFAULT__ cannot be found.')
  }
  if (type.id === byDefault.id) {
    throw badRequest(`The volume type ${type.id} is a default volume type and cannot be deleted.`)
  }
  const isInGroup = call.store.of(groups).count('volumeType', type.id) > 0
  if (isInGroup || isTypeInUse(call, type.id)) throw badRequest('Target volume type is still in use.')
  call.store.of(volumeTypes).delete(type.id)
  return acceptedAsHtml()
}

const listAccess = (call: Call) => {
  const type = typeOf(call)
  if (type.is_public) throw notFound('Access list not available for public volume types.')
  const access = (type.access ?? []).map((project_id) => ({ volume_type_id: type.id, project_id }))
  return ok({ volume_type_access: access })
}

/** The type of the path, if access to it can be changed. */
const privateType = (call: Call): VolumeTypeRecord => {
  const type = typeOf(call)
  if (type.is_public) {
    throw badRequest('Invalid volume type: Type access modification is not applicable to public volume type.')
  }
  return type
}

const project = z.strictObject({ project: z.string() })

/** Cinder does not ask Keystone whether the project exists. */
const addAccess = (call: Call) => {
  const { project: id } = call.json(z.strictObject({ addProjectAccess: project })).addProjectAccess
  const type = privateType(call)
  const access = type.access ?? []
  if (access.includes(id)) {
    throw conflict(`Volume type access for ${type.id} / ${id} combination already exists.`)
  }
  call.store.of(volumeTypes).update(type.id, { access: [...access, id] })
  return acceptedAsHtml()
}

const removeAccess = (call: Call) => {
  const { project: id } = call.json(z.strictObject({ removeProjectAccess: project })).removeProjectAccess
  const type = privateType(call)
  const access = type.access ?? []
  if (!access.includes(id)) throw notFound(`Volume type access not found for ${type.id} / ${id} combination.`)
  call.store.of(volumeTypes).update(type.id, { access: access.filter((one) => one !== id) })
  return acceptedAsHtml()
}

const admin = (policy: string) => ({ admin: `volume_extension:${policy}` })

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types: what administrators change. */
export const volumeTypeChangeRoutes: readonly Route[] = [
  { method: 'POST', path: '/types', operation: 'types.create', access: admin('type_create'), handle: create },
  { method: 'PUT', path: '/types/:id', operation: 'types.update', access: admin('type_update'), handle: update },
  { method: 'DELETE', path: '/types/:id', operation: 'types.delete', access: admin('type_delete'), handle: remove },
  {
    method: 'GET',
    path: '/types/:id/os-volume-type-access',
    operation: 'type-access.list',
    access: admin('volume_type_access:get_all_for_type'),
    handle: listAccess,
  },
  {
    method: 'POST',
    path: '/types/:id/action',
    operation: 'types.action',
    handle: noSuchAction,
    actions: {
      addProjectAccess: {
        operation: 'types.add-access',
        access: admin('volume_type_access:addProjectAccess'),
        handle: addAccess,
      },
      removeProjectAccess: {
        operation: 'types.remove-access',
        access: admin('volume_type_access:removeProjectAccess'),
        handle: removeAccess,
      },
    },
  },
]
