import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Collection, StoredRecord, Where } from '../../kernel/collection.ts'
import { byKeys, nextHref, pageOf } from '../../kernel/pagination.ts'
import { invalidInput } from './cinder-errors.ts'
import { rulesOf } from './release-rules.ts'
import { isTrue } from './schema-fields.ts'

/** `osapi_max_limit` */
const maxPage = 1000

/** Parameters of lists that are no filters. */
const notFilters = new Set(['limit', 'marker', 'offset', 'sort', 'sort_key', 'sort_dir', 'with_count', 'all_tenants'])

export interface ListRules<T extends StoredRecord> {
  /** Name in the body: `volumes`. */
  collection: string
  /** Key of the next link: `volumes_links`. */
  linksKey: string
  /** Path behind the project in next links: `volumes/detail`. */
  linkPath: string
  /** What an unknown marker is called: `Volume x could not be found.`; undefined ignores unknown markers. */
  unknownMarker?: (marker: string) => string
  /** Values by sort key; an unknown key is 400. */
  sortKeys: Readonly<Record<string, (record: T) => unknown>>
  /** Filters by name: does this record have the value? From 3.31 any other filter is 400, before it is ignored. */
  filters: Readonly<Record<string, (record: T, value: string) => boolean>>
  /** What the caller may see at all, besides the filters. */
  restrict?: (record: T) => boolean
  /** Microversion from which unknown filters are refused. */
  strictFrom: string
}

/** Answers a list with its filters, order, pages, link to the next page and, from 3.45, count. */
export const listOf = <T extends StoredRecord, I extends string, S extends string>(
  call: Call,
  records: Collection<T, I, S>,
  where: Where<I>,
  rules: ListRules<T>,
  view: (record: T) => unknown,
) => {
  const limit = limitOf(call)
  const offset = offsetOf(call)
  const sort = sortOf(call, rules)
  const isCounted = wantsCount(call)
  const matches = filterOf(call, rules)
  const marker = call.query.get('marker') ?? undefined
  const isKnownMarker = marker !== undefined && records.has(marker)
  if (marker !== undefined && !isKnownMarker && rules.unknownMarker) throw notFound(rules.unknownMarker(marker))
  const page = pageOf(call, records, {
    where,
    matches: skipping(offset, matches),
    reverse: true,
    ...(sort ? { sort } : {}),
    limit,
    marker: isKnownMarker ? marker : undefined,
    maxPage,
    unknownMarker: (id) => notFound(id),
  })
  const last = page.items.at(-1)
  const project = call.params['project_id']
  const base = `${call.serviceUrl}/v3/${project === undefined ? '' : `${project}/`}${rules.linkPath}`
  return {
    [rules.collection]: page.items.map(view),
    ...(page.isFull && last ? { [rules.linksKey]: [{ rel: 'next', href: nextHref(call, last.id, base) }] } : {}),
    ...(isCounted ? { count: [...records.walk(where)].filter(matches).length } : {}),
  }
}

const limitOf = (call: Call): number | undefined => {
  const text = call.query.get('limit')
  if (text === null) return undefined
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw badRequest('limit param must be an integer')
  if (Number(text) < 0) throw badRequest('limit param must be positive')
  return Number(text)
}

const offsetOf = (call: Call): number => {
  const text = call.query.get('offset')
  if (text === null) return 0
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw badRequest('offset must be an integer')
  if (Number(text) < 0) throw badRequest('offset must be >= 0')
  if (Number(text) > 2_147_483_647) throw badRequest('offset must be <= 2147483647')
  return Number(text)
}

/** The database compares without case. */
const collation = (call: Call): ((text: string) => string) =>
  rulesOf(call).underscores === 'behind letters'
    ? (text) => text.toUpperCase()
    : (text) => text.toUpperCase().replaceAll('_', ' ')

const sortOf = <T extends StoredRecord>(call: Call, { sortKeys }: ListRules<T>) => {
  const { query } = call
  const sort = query.get('sort')
  if (sort !== null && (query.has('sort_key') || query.has('sort_dir'))) {
    throw badRequest(
      "The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with the 'sort' parameter.",
    )
  }
  if (sort === null && !query.has('sort_key') && !query.has('sort_dir')) return undefined
  const parts =
    sort === null
      ? [[query.get('sort_key') ?? 'created_at', query.get('sort_dir') ?? 'desc']]
      : sort.split(',').map((part) => {
          const [key = '', direction = ''] = part.split(':')
          return [key, direction === '' ? 'desc' : direction]
        })
  const collate = collation(call)
  const keys = parts.map(([key = '', direction = '']) => {
    if (direction.trim() !== 'asc' && direction.trim() !== 'desc') {
      throw invalidInput("Unknown sort direction, must be 'desc' or 'asc'.")
    }
    const of = sortKeys[key.trim()]
    if (!of) throw invalidInput('Invalid sort key')
    const collated = (record: T): unknown => {
      const value = of(record)
      return typeof value === 'string' ? collate(value) : value
    }
    return { of: collated, descending: direction.trim() === 'desc' }
  })
  return byKeys(keys)
}

const wantsCount = (call: Call): boolean => {
  const text = call.microversion.atLeast('3.45') ? call.query.get('with_count') : null
  if (text === null) return false
  if (!/^(true|false|t|f|yes|no|y|n|on|off|1|0)$/i.test(text)) {
    throw badRequest(`Value '${text}' for 'with_count' is not a boolean.`)
  }
  return isTrue(text.toLowerCase())
}

const filterOf = <T extends StoredRecord>(call: Call, rules: ListRules<T>): ((record: T) => boolean) => {
  const asked = [...call.query].filter(([name]) => !notFilters.has(name))
  const unknown = asked.map(([name]) => name).filter((name) => !Object.hasOwn(rules.filters, name))
  if (unknown.length > 0 && call.microversion.atLeast(rules.strictFrom)) {
    throw badRequest(`Invalid filters ${unknown.join(',')} are found in query options.`)
  }
  const checks = asked.flatMap(([name, value]) => {
    const check = Object.hasOwn(rules.filters, name) ? rules.filters[name] : undefined
    return check ? [(record: T) => check(record, value)] : []
  })
  return (record) => (rules.restrict?.(record) ?? true) && checks.every((check) => check(record))
}

/** Lets the first matches pass unseen. */
const skipping = <T>(count: number, matches: (record: T) => boolean) => {
  if (count === 0) return matches
  let skipped = 0
  return (record: T): boolean => {
    if (!matches(record)) return false
    skipped += 1
    return skipped > count
  }
}

/** Reads a filter value like `{'a': 'b'}`, as Python or JSON writes it. */
export const dictionaryOf = (value: string): Readonly<Record<string, string>> | undefined => {
  const pairs: [string, string][] = []
  const inner = /^\s*\{(.*)\}\s*$/s.exec(value)?.[1]
  if (inner === undefined) return undefined
  const pair = /\s*u?(['"])((?:(?!\1).)*)\1\s*:\s*u?(['"])((?:(?!\3).)*)\3\s*(?:,|$)/gy
  let end = 0
  for (let match = pair.exec(inner); match; match = pair.exec(inner)) {
    pairs.push([match[2] ?? '', match[4] ?? ''])
    end = pair.lastIndex
    if (end >= inner.length) break
  }
  return inner.slice(end).trim() === '' ? Object.fromEntries(pairs) : undefined
}
