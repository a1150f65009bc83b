import type { ApiError } from './api-error.ts'
import type { Call } from './call.ts'
import type { Collection, StoredRecord, Where } from './collection.ts'

export interface PageQuery<T extends StoredRecord, I extends string> {
  /** Index values that must hold; the smallest index is walked. */
  where?: Where<I>
  /** Further filter. */
  matches?: (record: T) => boolean
  /** Newest first (the default order of Nova, Cinder and Glance). */
  reverse?: boolean
  /** Another order than the collection's; then all matching records are sorted. */
  sort?: (a: T, b: T) => number
  /** Items wanted, already checked; undefined means as many as a page may have. */
  limit?: number | undefined
  /** Id of the last item of the page before. */
  marker?: string | undefined
  /** Most items on a page by the service itself; `Infinity` for none. */
  maxPage: number
  /** What an unknown marker is answered with. */
  unknownMarker: (marker: string) => ApiError
}

export interface Page<T> {
  items: T[]
  /** The page is full: the services then promise a next one, even if it will be empty. */
  isFull: boolean
  /** Items per page that counted in the end. */
  size: number
}

/** One page of a collection. Its cost grows with the page unless a `sort` of its own is asked for. */
export const pageOf = <T extends StoredRecord, I extends string, S extends string>(
  call: Call,
  collection: Collection<T, I, S>,
  query: PageQuery<T, I>,
): Page<T> => {
  const most = Math.min(query.maxPage, call.context.settings.pageSize ?? Number.POSITIVE_INFINITY)
  const size = Math.min(query.limit ?? Number.POSITIVE_INFINITY, most)
  const matches = query.matches ?? (() => true)
  if (query.marker !== undefined) {
    const record = collection.get(query.marker)
    if (!record) throw query.unknownMarker(query.marker)
  }
  const items: T[] = []
  if (size === 0) return { items, isFull: false, size }
  const where = query.where ?? {}
  if (query.sort) {
    const sorted = [...collection.walk(where)].filter(matches).sort(query.sort)
    const from = query.marker === undefined ? 0 : sorted.findIndex((record) => record.id === query.marker) + 1
    items.push(...sorted.slice(from, size === Number.POSITIVE_INFINITY ? undefined : from + size))
  } else {
    for (const record of collection.walk(where, { afterId: query.marker, reverse: query.reverse ?? false })) {
      if (!matches(record)) continue
      items.push(record)
      if (items.length >= size) break
    }
  }
  return { items, isFull: items.length > 0 && items.length >= size, size }
}

/** The request's own address with another marker (and the given limit), for links to the next page. */
export const nextHref = (call: Call, markerId: string, base = `${call.origin}${call.url.pathname}`): string => {
  const query = new URLSearchParams(call.query.toString())
  query.delete('marker')
  query.append('marker', markerId)
  return `${base}?${query}`
}

/** A comparison by several keys, each ascending or descending; ties are broken by the id in the last direction. */
export const byKeys =
  <T extends StoredRecord>(keys: readonly { of: (record: T) => unknown; descending: boolean }[]) =>
  (a: T, b: T): number => {
    for (const { of, descending } of keys) {
      const order = compareValues(of(a), of(b))
      if (order !== 0) return descending ? -order : order
    }
    const order = compareValues(a.id, b.id)
    return keys.at(-1)?.descending ? -order : order
  }

const compareValues = (a: unknown, b: unknown): number => {
  if (a === b) return 0
  if (a === null || a === undefined) return -1
  if (b === null || b === undefined) return 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : 1
}
