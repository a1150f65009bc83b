import type { Call } from '../../kernel/call.ts'
import type { Where } from '../../kernel/collection.ts'
import { byKeys } from '../../kernel/pagination.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import type { Attributes } from './attribute.ts'
import { badResourceRequest, malformed } from './neutron-errors.ts'
import type { NeutronRecord } from './records.ts'
import { type Resource, viewer } from './resource.ts'

const notFilters = ['fields', 'sort_key', 'sort_dir', 'limit', 'marker', 'page_reverse']

/** Filters of the query by attribute; one that the resource cannot filter by is refused. */
export const readFilters = (call: Call, attributes: Attributes): Map<string, string[]> => {
  const filters = new Map<string, string[]>()
  const invalid: string[] = []
  for (const key of new Set(call.query.keys())) {
    if (notFilters.includes(key)) continue
    const attribute = Object.hasOwn(attributes, key) ? attributes[key] : undefined
    if (!attribute?.filter) {
      invalid.push(key)
      continue
    }
    const values = call.query.getAll(key)
    const converted = attribute.convert ? values.map((value) => String(attribute.convert?.(value, call))) : values
    filters.set(key === 'tenant_id' ? 'project_id' : key, converted)
  }
  if (invalid.length > 0) throw malformed(`${pythonRepr(invalid)} is invalid attribute for filtering`)
  return filters
}

/** The body of a list: the page, and links to its neighbours if a limit was given. */
export const listOf = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
): Record<string, unknown> => {
  const filters = readFilters(call, resource.attributes)
  const sort = readSort(call, resource)
  const limit = readLimit(call)
  const isReverse = isReversed(call)
  const marker = limit === undefined ? undefined : (call.query.get('marker') ?? undefined)
  const known = marker === undefined ? undefined : call.store.of(resource.collection).get(marker)
  if (marker !== undefined && !known && resource.knowsMarkers) throw resource.notFound(marker)

  const afterId = known?.id
  const found: T[] = []
  for (const record of inOrder(call, resource, filters, { sort, afterId, isReverse })) {
    if (!call.isAdmin && !resource.isVisible(call, record)) continue
    if (!matches(call, resource, record, filters)) continue
    found.push(record)
    if (limit !== undefined && found.length >= limit) break
  }
  if (isReverse && limit !== undefined) found.reverse()
  const body: Record<string, unknown> = { [resource.plural]: found.map(viewer(call, resource)) }
  const links = limit === undefined ? [] : pageLinks(call, found, limit, isReverse)
  if (links.length > 0) body[`${resource.plural}_links`] = links
  return body
}

/**
 * Candidates in the order of the list, from behind the marker. With one index value to walk and no other order wanted
 * this is lazy, so that a page costs what it holds.
 */
function* inOrder<T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  filters: ReadonlyMap<string, readonly string[]>,
  options: { sort: ((a: T, b: T) => number) | undefined; afterId: string | undefined; isReverse: boolean },
): Generator<T> {
  const collection = call.store.of(resource.collection)
  const { afterId } = options
  const isReverse = options.isReverse && readLimit(call) !== undefined
  const wheres = narrowest(call, resource, filters)
  const [only] = wheres
  if (only && wheres.length === 1 && !options.sort && isOrderedById(resource)) {
    yield* collection.walk(only, { afterId, reverse: isReverse })
    return
  }
  const unique = new Map(wheres.flatMap((where) => collection.where(where)).map((record) => [record.id, record]))
  const sorted = [...unique.values()].sort(options.sort ?? ((a, b) => (a.id < b.id ? -1 : 1)))
  if (isReverse) sorted.reverse()
  yield* sorted.slice(afterId === undefined ? 0 : sorted.findIndex((record) => record.id === afterId) + 1)
}

const isOrderedById = <T extends NeutronRecord, I extends string, S extends string>(
  resource: Resource<T, I, S>,
): boolean => typeof resource.collection.order({ id: 'x' } as T) === 'string' // Neutron's orders look at the id only

/** Filters that indexes answer; without any, the scopes of the caller. */
const narrowest = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  filters: ReadonlyMap<string, readonly string[]>,
): readonly Where<I>[] => {
  const where: Partial<Record<string, string | undefined>> = { ...resource.narrow?.(filters) }
  for (const [name, index] of Object.entries(resource.indexes)) {
    const values = filters.get(name)
    const [value] = values ?? []
    if (values?.length === 1 && value !== undefined && value !== '') where[index] = value.toLowerCase()
  }
  if (Object.keys(where).length > 0) return [where as Where<I>] // keys are index names of the resource
  return call.isAdmin ? [{}] : resource.scopes(call)
}

const matches = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  record: T,
  filters: ReadonlyMap<string, readonly string[]>,
): boolean => {
  if (filters.size === 0) return true
  const view: Record<string, unknown> = { ...record, ...resource.view(call, record) }
  for (const [name, values] of filters) {
    const own = resource.filters?.[name] ?? tagFilters[name]
    const fits = own ? own(call, record, values) : values.some((value) => isSame(view[name], value))
    if (!fits) return false
  }
  return true
}

/** Equality as the database sees it: without case; a list holds the value. */
const isSame = (stored: unknown, wanted: string): boolean => {
  if (stored === null || stored === undefined) return false
  if (Array.isArray(stored)) return stored.some((one) => isSame(one, wanted))
  return String(stored).toLowerCase() === wanted.toLowerCase()
}

type TagFilter = (call: Call, record: NeutronRecord, values: readonly string[]) => boolean

const tagsIn = (values: readonly string[]): string[] => values.flatMap((value) => value.split(','))

const tagFilters: Readonly<Record<string, TagFilter>> = {
  tags: (_, record, values) => tagsIn(values).every((tag) => record.tags.includes(tag)),
  'tags-any': (_, record, values) => tagsIn(values).some((tag) => record.tags.includes(tag)),
  'not-tags': (_, record, values) => !tagsIn(values).every((tag) => record.tags.includes(tag)),
  'not-tags-any': (_, record, values) => !tagsIn(values).some((tag) => record.tags.includes(tag)),
}

/** An object with only the `fields` that the query asks for. */
export const onlyFields = (call: Call, view: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const fields = call.query.getAll('fields').filter((field) => field !== '')
  return fields.length === 0
    ? { ...view }
    : Object.fromEntries(Object.entries(view).filter(([key]) => fields.includes(key)))
}

/** The keys by which a list is to be sorted, each with its direction; refuses those that the resource has not. */
export const readSortKeys = (call: Call, attributes: Attributes): { keys: string[]; directions: string[] } => {
  const keys = call.query.getAll('sort_key').filter((key) => key !== '')
  const directions = call.query.getAll('sort_dir').filter((direction) => direction !== '')
  if (keys.length !== directions.length) throw malformed('The number of sort_keys and sort_dirs must be same')
  const absent = keys.filter((key) => !attributes[key]?.sort)
  if (absent.length > 0) throw malformed(`${pythonRepr(absent)} is invalid attribute for sort_keys`)
  const wrong = directions.filter((direction) => direction !== 'asc' && direction !== 'desc')
  if (wrong.length > 0) {
    throw malformed(`${pythonRepr(wrong)} is invalid value for sort_dirs, valid value is 'asc' and 'desc'`)
  }
  return { keys, directions }
}

const readSort = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
): ((a: T, b: T) => number) | undefined => {
  const { keys, directions } = readSortKeys(call, resource.attributes)
  if (keys.length === 0) return undefined
  const fieldOf =
    (key: string) =>
    (record: T): unknown => {
      const view: Record<string, unknown> = { ...record, ...resource.view(call, record) }
      return view[key === 'tenant_id' ? 'project_id' : key]
    }
  return byKeys(keys.map((key, i) => ({ of: fieldOf(key), descending: directions[i] === 'desc' })))
}

/** Whether the page before the marker is wanted. */
export const isReversed = (call: Call): boolean => call.query.get('page_reverse')?.toLowerCase() === 'true'

/** Items wanted; undefined for all. The cloud's page size counts where the request asks for more or for none. */
export const readLimit = (call: Call): number | undefined => {
  const text = call.query.get('limit') ?? '0'
  if (!/^\s*\+?\d+\s*$/.test(text)) {
    throw badResourceRequest('limit', `Limit must be an integer 0 or greater and not '${text}'`)
  }
  const most = call.context.settings.pageSize
  const limit = Number(text)
  if (most !== undefined) return Math.min(limit === 0 ? most : limit, most)
  return limit === 0 ? undefined : limit
}

/** Links as Neutron makes them: a full page promises a next one, and even the first page has a previous one. */
export const pageLinks = (
  call: Call,
  items: readonly { readonly id: string }[],
  limit: number,
  isReverse: boolean,
): { rel: string; href: string }[] => {
  const isShort = items.length < limit
  const hrefTo = (marker: string | undefined, isBackward: boolean): string => {
    const query = new URLSearchParams(call.query)
    query.delete('marker')
    query.delete('page_reverse')
    if (marker !== undefined) query.append('marker', marker)
    if (isBackward) query.append('page_reverse', 'True')
    return `${call.origin}${call.url.pathname}?${query}`
  }
  const links: { rel: string; href: string }[] = []
  if (!isShort || isReverse) links.push({ rel: 'next', href: hrefTo(items.at(-1)?.id, false) })
  if (!isShort || !isReverse) links.push({ rel: 'previous', href: hrefTo(items[0]?.id, true) })
  return links
}
