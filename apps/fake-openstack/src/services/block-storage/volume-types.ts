import { ApiError, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { defaultVolumeType, isUsableType } from './creation.ts'
import { dictionaryOf, listOf, wantedPublicity } from './list-query.ts'
import { unmodelledTypeColumns } from './query-keys.ts'
import { type VolumeTypeRecord, volumes, volumeTypes } from './records.ts'

/** Extra specs that users may see; the others say how the storage works. */
const userVisible = ['RESKEY:availability_zones', 'multiattach', 'replication_enabled']

export const specsFor = (call: Call, type: VolumeTypeRecord): VolumeTypeRecord['extra_specs'] =>
  call.isAdmin
    ? type.extra_specs
    : Object.fromEntries(Object.entries(type.extra_specs).filter(([key]) => userVisible.includes(key)))

/** What the answers to changes show. */
export const changedTypeView = (call: Call, type: VolumeTypeRecord) => ({
  id: type.id,
  name: type.name,
  is_public: type.is_public,
  description: type.description,
  extra_specs: specsFor(call, type),
})

const typeView = (call: Call, type: VolumeTypeRecord) => ({
  ...changedTypeView(call, type),
  ...(call.isAdmin ? { qos_specs_id: type.qos_specs_id ?? null } : {}),
})

const typeWithAccess = (call: Call, type: VolumeTypeRecord) => ({
  ...typeView(call, type),
  'os-volume-type-access:is_public': type.is_public,
})

/** By id alone: names are no addresses here. */
export const typeOf = (call: Call): VolumeTypeRecord => {
  const type = call.store.of(volumeTypes).get(call.param('id'))
  if (!type || !isUsableType(call, type)) {
    throw notFound(`Volume type ${call.param('id')} could not be found.`)
  }
  return type
}

/** Whether a volume has the type of this id. */
export const isTypeInUse = (call: Call, id: string): boolean =>
  call.store
    .of(volumes)
    .all()
    .some((volume) => volume.volume_type_id === id)

/** Users find nothing by extra specs that they may not see. */
const hasSpecs = (call: Call, type: VolumeTypeRecord, value: string): boolean => {
  const wanted = dictionaryOf(value)
  // Cinder takes what it cannot read for a dictionary.
  if (!wanted)
    throw new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')
  const own = specsFor(call, type)
  return Object.entries(wanted).every(([key, one]) => own[key] === one)
}

const list = (call: Call) => {
  const isPublic = wantedPublicity(call)
  const specs = { extra_specs: (t: VolumeTypeRecord, value: string) => hasSpecs(call, t, value) }
  return ok(
    listOf(
      call,
      call.store.of(volumeTypes),
      {},
      {
        collection: 'volume_types',
        linksKey: 'volume_type_links',
        linkPath: 'types',
        sortKeys: {
          id: (t) => t.id,
          name: (t) => t.name,
          created_at: () => 0,
          updated_at: () => 0,
          is_public: (t) => String(t.is_public),
        },
        filters: {
          is_public: () => true,
          ...(call.microversion.atLeast('3.52') ? specs : {}),
        },
        adminFilters: {
          ...specs,
          id: (t, value) => t.id === value,
          name: (t, value) => t.name.toLowerCase() === value.toLowerCase(),
          description: (t, value) => t.description?.toLowerCase() === value.toLowerCase(),
        },
        unmodelled: unmodelledTypeColumns,
        restrict: (type) =>
          isPublic === undefined ||
          type.is_public === isPublic ||
          (isPublic && (type.access?.includes(call.projectId) ?? false)),
        strictFrom: '3.52',
      },
      (type) => typeWithAccess(call, type),
    ),
  )
}

const show = (call: Call) => ok({ volume_type: typeWithAccess(call, typeOf(call)) })

const showDefault = (call: Call) => {
  const type = defaultVolumeType(call.context)
  if (!type) throw notFound('Default volume type can not be found.')
  return ok({ volume_type: typeView(call, type) })
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types */
export const volumeTypeRoutes: readonly Route[] = [
  { method: 'GET', path: '/types', operation: 'types.list', handle: list },
  { method: 'GET', path: '/types/default', operation: 'types.default', handle: showDefault },
  { method: 'GET', path: '/types/:id', operation: 'types.show', handle: show },
]
