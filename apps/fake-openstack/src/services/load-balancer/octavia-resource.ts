import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition, StoredRecord, Where } from '../../kernel/collection.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { byKeys } from '../../kernel/pagination.ts'
import { isoPlain } from '../../kernel/time-format.ts'
import type { OctaviaRecord } from './records.ts'
import { unknown } from './refusals.ts'

/** What is listed: a kind of resource, its filters and its form. */
export interface ListedResource<T extends StoredRecord & { tags?: readonly string[] }, I extends string> {
  /** Key of many: `loadbalancers`. */
  plural: string
  /** Key of the links; by default `<plural>_links`. */
  links?: string
  /** Listed below the path of what it belongs to, which is checked instead of the project that the query names. */
  isBelow?: true
  /** Belongs to no project: all who may list see all. */
  isShared?: true
  collection: CollectionDefinition<T, I, never>
  view: (call: Call, record: T) => Record<string, unknown>
  /** Filters that an index answers. */
  indexes: Readonly<Record<string, I>>
  /** All further fields that lists filter and sort by. */
  filterable: readonly string[]
  /** Fields by which Octavia filters and the fake does not: 501. */
  unmodelled?: readonly string[]
}

/** What is particular to one kind of Octavia's resources. */
export interface OctaviaResource<T extends OctaviaRecord, I extends string> extends ListedResource<T, I> {
  /** As refusals call it: `Load Balancer`. */
  title: string
}

/** Filterable fields that all resources have. */
export const sharedFilters = [
  'id',
  'provisioning_status',
  'operating_status',
  'admin_state_up',
  // The column behind it.
  'enabled',
  'created_at',
  'updated_at',
]

/** Those of resources with a name and a description. */
export const commonFilters = [...sharedFilters, 'name', 'description']

/** The record; unknown ones are 404, those of others 403. */
export const mustGet = <T extends OctaviaRecord, I extends string>(
  call: Call,
  resource: Pick<OctaviaResource<T, I>, 'title' | 'collection'>,
  id: string,
): T => {
  const record = call.store.of(resource.collection).get(id)
  if (!record) throw unknown(call, resource.title, id)
  if (!call.isAdmin && record.project_id !== call.projectId) throw octaviaDialect.forbidden('')
  return record
}

/** Fields that all resources show. */
export const commonView = (record: OctaviaRecord): Record<string, unknown> => ({
  id: record.id,
  provisioning_status: record.provisioning_status,
  operating_status: record.operating_status,
  admin_state_up: record.admin_state_up,
  project_id: record.project_id,
  tenant_id: record.project_id,
  created_at: isoPlain(record.created_at),
  updated_at: record.updated_at === null ? null : isoPlain(record.updated_at),
  tags: record.tags,
})

const control = ['fields', 'limit', 'marker', 'page_reverse', 'sort', 'sort_key', 'sort_dir']

/** The body of a list: filtered, sorted, one page, with links. */
export const octaviaList = <T extends StoredRecord & { tags?: readonly string[] }, I extends string>(
  call: Call,
  resource: ListedResource<T, I>,
  scope: Where<I> = {},
): Record<string, unknown> => {
  const where: Partial<Record<string, string>> = { ...scope }
  if (!call.isAdmin && !resource.isShared) where['project'] = call.projectId
  const filters: { name: string; value: string }[] = []
  for (const [name, value] of call.query) {
    if (control.includes(name)) continue
    if (!resource.isShared && name === 'project_id') {
      if (!call.isAdmin && value !== call.projectId && !resource.isBelow) throw octaviaDialect.forbidden('')
      where['project'] = value
    } else if (resource.unmodelled?.includes(name)) {
      notModelled(call, `?${name}`)
    } else if (resource.indexes[name]) where[resource.indexes[name]] = value
    else filters.push({ name, value })
  }
  const limit = readLimit(call)
  const sort = readSort(call)
  const marker = call.query.get('marker') ?? undefined
  const all = call.store.of(resource.collection)
  if (marker !== undefined && !all.has(marker)) {
    throw badRequest(`Supplied pagination marker '${marker}' is not valid.`)
  }
  const found: T[] = []
  const matches = (record: T): boolean => filters.every((filter) => isMatch(record, filter))
  checkFilters(filters, resource.filterable)
  const narrowed = where as Where<I> // keys are names of the resource's indexes
  if (sort) {
    checkSort(sort, [
      ...resource.filterable,
      ...Object.keys(resource.indexes),
      ...(resource.isShared ? [] : ['project_id']),
    ])
    const sorted = all.where(narrowed).filter(matches).sort(byKeys(sort))
    const from = marker === undefined ? 0 : sorted.findIndex((record) => record.id === marker) + 1
    found.push(...sorted.slice(from, limit === undefined ? undefined : from + limit))
  } else {
    for (const record of all.walk(narrowed, { afterId: marker })) {
      if (matches(record)) found.push(record)
      if (limit !== undefined && found.length >= limit) break
    }
  }
  // Octavia compares the length of the page with the limit, also where there is none.
  if (call.query.has('limit') && limit === undefined && found.length > 0) {
    throw new ApiError(500, "'>=' not supported between instances of 'int' and 'NoneType'")
  }
  return {
    [resource.plural]: found.map((record) => picked(call, resource.view(call, record))),
    [resource.links ?? `${resource.plural}_links`]: limit === undefined ? [] : links(call, found, limit, marker),
  }
}

/** What Octavia checks of every request, whatever its path: what the client accepts, the query, the body of a DELETE. */
export const checkRequest = (call: Call): void => {
  const accept = call.request.headers.get('accept') ?? ''
  if (accept !== '' && !/(application\/(json|xml|\*)|\*\/\*)/i.test(accept)) {
    const message = `The resource could not be generated that was acceptable to your browser\n(content of type ${accept}.`
    throw new ApiError(406, message, { isWebob: true, statusText: 'Not Acceptable' })
  }
  if (call.request.method === 'GET') {
    readLimit(call)
    readSort(call)
  }
  const body = call.rawJson
  if (call.request.method !== 'DELETE' || body === undefined) return
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badArgument('Request must be a JSON dict')
  const [name] = Object.keys(body)
  if (name !== undefined) throw badArgument(`Unknown argument: "${name}"`)
}

const badArgument = (message: string): ApiError => new ApiError(400, message)

/** Only the `fields` that were asked for. */
export const picked = (call: Call, view: Record<string, unknown>): Record<string, unknown> => {
  const fields = call.query.getAll('fields').flatMap((value) => value.split(','))
  if (fields.length === 0) return view
  return Object.fromEntries(Object.entries(view).filter(([key]) => fields.includes(key)))
}

const tagFilters = ['tags', 'tags-any', 'not-tags', 'not-tags-any']

const checkFilters = (filters: readonly { name: string }[], filterable: readonly string[]): void => {
  if (filters.every(({ name }) => tagFilters.includes(name) || filterable.includes(name))) return
  throw badRequest('One or more arguments are either duplicate or invalid')
}

const isMatch = (
  record: StoredRecord & { tags?: readonly string[] },
  { name, value }: { name: string; value: string },
): boolean => {
  const wanted = value.split(',')
  const { tags = [] } = record
  if (name === 'tags') return wanted.every((tag) => tags.includes(tag))
  if (name === 'tags-any') return wanted.some((tag) => tags.includes(tag))
  if (name === 'not-tags') return !wanted.every((tag) => tags.includes(tag))
  if (name === 'not-tags-any') return !wanted.some((tag) => tags.includes(tag))
  if (name === 'admin_state_up' || name === 'enabled') {
    const isUp = 'admin_state_up' in record ? record.admin_state_up : 'enabled' in record && record.enabled
    return isUp === /^\s*(1|t|true|on|y|yes)\s*$/i.test(value)
  }
  const column = columns[name] ?? name
  const stored = Object.entries(record).find(([key]) => key === column)?.[1]
  if (typeof stored === 'number' || typeof stored === 'boolean') return Number(stored) === numberIn(value)
  return stored !== null && stored !== undefined && String(stored).toLowerCase() === value.toLowerCase()
}

/** Columns that the database calls otherwise than the API; both names are filters. */
const columns: Readonly<Record<string, string>> = {
  ip_address: 'address',
  rise_threshold: 'max_retries',
  fall_threshold: 'max_retries_down',
}

/** The number at the beginning of a text, as the database reads it: 0 when there is none. */
const numberIn = (text: string): number => Number(/^\s*[+-]?\d+(\.\d+)?/.exec(text)?.[0] ?? 0)

const readLimit = (call: Call): number | undefined => {
  const asked = call.query.get('limit')
  const most = call.context.settings.pageSize
  if (asked === null) return most
  if (asked !== 'infinite' && !/^\s*[-+]?\d+\s*$/.test(asked)) {
    const description = `Supplied pagination limit '${asked}' is not valid.`
    throw new ApiError(400, description, { body: { code: 400, title: 'Bad Request', description } })
  }
  const limit = asked === 'infinite' || Number(asked) < 1 ? undefined : Number(asked)
  return most === undefined ? limit : Math.min(limit ?? most, most)
}

type SortKeys = { name: string; of: (record: StoredRecord) => unknown; descending: boolean }[]

const readSort = (call: Call): SortKeys | undefined => {
  const keys = call.query.get('sort')?.split(',') ?? call.query.get('sort_key')?.split(',')
  if (!keys) return undefined
  const directions = call.query.get('sort_dir')?.split(',') ?? []
  return keys.map((key, i) => {
    const [name = '', direction = directions[i] ?? 'asc'] = key.split(':')
    if (direction !== 'asc' && direction !== 'desc') {
      throw badRequest(`Supplied sort direction '${direction}' is not valid.`)
    }
    const of = (record: StoredRecord): unknown => Object.entries(record).find(([field]) => field === name)?.[1]
    return { name, of, descending: direction === 'desc' }
  })
}

const checkSort = (keys: SortKeys, sortable: readonly string[]): void => {
  const absent = keys.find(({ name }) => !sortable.includes(name))
  if (absent) throw badRequest(`Supplied sort key '${absent.name}' is not valid.`)
}

const links = (
  call: Call,
  items: readonly StoredRecord[],
  limit: number,
  marker: string | undefined,
): { rel: string; href: string }[] => {
  if (items.length === 0) return []
  const kept = ['sort', 'sort_key'].flatMap((key) => (call.query.has(key) ? [`${key}=${call.query.get(key)}`] : []))
  const base = `${call.origin}${call.url.pathname}?${[`limit=${limit}`, ...kept].join('&')}`
  const previous = { rel: 'previous', href: `${base}&marker=${items[0]?.id}&page_reverse=True` }
  const next = { rel: 'next', href: `${base}&marker=${items.at(-1)?.id}` }
  return [...(marker === undefined ? [] : [previous]), ...(items.length >= limit ? [next] : [])]
}
