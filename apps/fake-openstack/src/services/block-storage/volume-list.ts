import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { booleanOf, dictionaryOf, isBooleanWord, listOf, literalsIn, wantsAllTenants } from './list-query.ts'
import { unmodelledVolumeColumns } from './query-keys.ts'
import { metadataKey, type VolumeRecord, volumes } from './records.ts'
import { isTrue } from './schema-fields.ts'

const sortKeys: Readonly<Record<string, (volume: VolumeRecord) => unknown>> = {
  id: (v) => v.id,
  name: (v) => v.name,
  display_name: (v) => v.name,
  size: (v) => v.size,
  status: (v) => v.status,
  availability_zone: (v) => v.availability_zone,
  bootable: (v) => String(v.bootable),
  created_at: (v) => v.created_at,
  updated_at: (v) => v.updated_at,
  volume_type_id: (v) => v.volume_type_id,
  user_id: (v) => v.user_id,
  project_id: (v) => v.project_id,
}

const isOneOf = (stored: string | null, value: string): boolean =>
  literalsIn(value).some((one) => {
    if (stored === null) return one === 'None'
    // Cinder takes digits for a number, and the database reads the text as one then.
    if (/^\d+$/.test(one)) return Number(/^\d+/.exec(stored)?.[0] ?? 0) === Number(one)
    return stored.toLowerCase() === one.toLowerCase()
  })

const filters = (call: Call): Readonly<Record<string, (volume: VolumeRecord, value: string) => boolean>> => ({
  name: (v, value) => v.name?.toLowerCase() === value.toLowerCase(),
  status: (v, value) => isOneOf(v.status, value),
  availability_zone: (v, value) => isOneOf(v.availability_zone, value),
  size: (v, value) => isOneOf(String(v.size), value),
  metadata: (v, value) => hasAll(v.metadata, value),
  bootable: (v, value) => v.bootable === booleanValue(call, value),
  migration_status: (_, value) => value === 'None',
  group_id: (v, value) => !call.microversion.atLeast('3.10') || isOneOf(v.group_id ?? null, value),
  consumes_quota: (_, value) => call.microversion.atLeast('3.31') && isTrue(value.toLowerCase()),
  created_at: (v, value) => isNotGeneral(call) || timeMatches(v.created_at, value, 'created_at'),
  updated_at: (v, value) => isNotGeneral(call) || timeMatches(v.updated_at, value, 'updated_at'),
})

/** Before 3.31 some filters are ignored that came later; from then on all are obeyed, whatever version they came with. */
const isNotGeneral = (call: Call): boolean => !call.microversion.atLeast('3.31')

const adminFilters = (call: Call): Readonly<Record<string, (volume: VolumeRecord, value: string) => boolean>> => ({
  id: (v, value) => isOneOf(v.id, value),
  display_name: (v, value) => isOneOf(v.name, value),
  display_description: (v, value) => isOneOf(v.description, value),
  user_id: (v, value) => isOneOf(v.user_id, value),
  project_id: (v, value) => isOneOf(v.project_id, value),
  snapshot_id: (v, value) => isOneOf(v.snapshot_id, value),
  source_volid: (v, value) => isOneOf(v.source_volid, value),
  volume_type_id: (v, value) => isOneOf(v.volume_type_id, value),
  use_quota: (_, value) => isNotGeneral(call) || isTrue(value.toLowerCase()),
  multiattach: (v, value) => v.multiattach === booleanValue(call, value),
})

const hasAll = (metadata: Readonly<Record<string, string>>, value: string): boolean => {
  const wanted = dictionaryOf(value)
  return wanted !== undefined && Object.entries(wanted).every(([key, one]) => metadata[key] === one)
}

/** Before 3.2 every text but the forms of `false` and the empty one means true; afterwards others are refused. */
const booleanValue = (call: Call, value: string): boolean =>
  call.microversion.atLeast('3.2') ? isTrue(value.toLowerCase()) : !/^(False|false|FALSE|)$/.test(value)

const operators: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
}

const timeMatches = (moment: number | null, value: string, name: string): boolean =>
  value.split(',').every((part) => {
    const [word = '', ...rest] = part.split(':')
    const compare = Object.hasOwn(operators, word) ? operators[word] : undefined
    if (!compare) throw badRequest(`Invalid ${word} operator`)
    const time = rest.join(':')
    const wanted = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`)
    if (Number.isNaN(wanted)) throw badRequest(`Invalid ${time === '' ? name : time} value`)
    return moment !== null && compare(Math.floor(moment / 1000) * 1000, wanted)
  })

/** `GET` of a list of volumes; what is shown of each is the view's. */
export const listVolumes = (linkPath: string, view: (call: Call, volume: VolumeRecord) => unknown) => (call: Call) => {
  checkValues(call)
  const where = {
    project: wantsAllTenants(call) ? undefined : call.projectId,
    name: call.query.get('name')?.toLowerCase(),
    status: onlyLiteral(call.query.get('status')),
    metadata: firstPairOf(call.query.get('metadata')),
  }
  return ok(
    listOf(
      call,
      call.store.of(volumes),
      where,
      {
        collection: 'volumes',
        linksKey: 'volumes_links',
        linkPath,
        unknownMarker: (marker) => `Volume ${marker} could not be found.`,
        sortKeys,
        filters: filters(call),
        adminFilters: adminFilters(call),
        unmodelled: unmodelledVolumeColumns,
        allTenants: 'boolean',
        strictFrom: '3.31',
      },
      (volume) => view(call, volume),
    ),
  )
}

/** A value that is not one of several, by which the list is narrowed. */
const onlyLiteral = (value: string | null): string | undefined => {
  const literals = value === null ? [] : literalsIn(value)
  const [only] = literals
  return literals.length === 1 && only !== undefined && !/^\d+$/.test(only) ? only.toLowerCase() : undefined
}

/** The first pair of a filter by metadata, by which the list is narrowed. */
const firstPairOf = (filter: string | null): string | undefined => {
  const [first] = Object.entries((filter === null ? undefined : dictionaryOf(filter)) ?? {})
  return first && metadataKey(...first)
}

/** Refuses filter values even when there is nothing to filter. */
const checkValues = (call: Call): void => {
  for (const name of call.isAdmin ? ['bootable', 'multiattach'] : ['bootable']) {
    const value = call.query.get(name)
    if (value !== null && call.microversion.atLeast('3.2') && !isBooleanWord(value)) {
      throw badRequest(`Invalid input received: '${name} = ${value}'`)
    }
  }
  if (isNotGeneral(call)) return
  booleanOf(call, 'consumes_quota', 'use_quota')
  if (call.isAdmin) booleanOf(call, 'use_quota')
  for (const name of ['created_at', 'updated_at']) {
    const value = call.query.get(name)
    if (value !== null) timeMatches(0, value, name)
  }
}
