import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Collection, StoredRecord, Where } from '../../kernel/collection.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { byKeys, nextHref, pageOf } from '../../kernel/pagination.ts'
import { invalidInput } from './cinder-errors.ts'
import { rulesOf } from './release-rules.ts'
import { isTrue } from './schema-fields.ts'

/** `osapi_max_limit` */
export const maxPage = 1000

/** Parameters of lists that are no filters. */
const notFilters = new Set(['limit', 'marker', 'offset', 'sort', 'sort_key', 'sort_dir'])

type Filters<T> = Readonly<Record<string, (record: T, value: string) => boolean>>

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
  /**
   * Filters of everybody: does this record have the value? Any other one of a user is 400, or ignored before
   * `strictFrom`.
   */
  filters: Filters<T>
  /** Further columns, by which administrators may filter; what is no column of the table is in no record. */
  adminFilters?: Filters<T>
  /** Columns by which administrators may filter and the fake does not: 501. */
  unmodelled: readonly string[]
  /** `all_tenants` of administrators: read as a word for true or false, or no filter at all; otherwise no column. */
  allTenants?: 'boolean' | 'any'
  /** What the caller may see at all, besides the filters. */
  restrict?: (record: T) => boolean
  /** Microversion from which unknown filters are refused. */
  strictFrom: string
  /** Before that, everybody filters by all columns; otherwise users' further filters are ignored. */
  isOfAllColumns?: boolean
  /** Parameters that only say how to show the records. */
  noFilters?: readonly string[]
  /** False where `with_count` is no parameter but a filter. */
  isCounted?: boolean
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
  const isCounted = rules.isCounted !== false && wantsCount(call)
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

/** The `limit` of a list; undefined when it is absent. */
export const limitOf = (call: Call): number | undefined => {
  const text = call.query.get('limit')
  if (text === null) return undefined
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw badRequest('limit param must be an integer')
  if (Number(text) < 0) throw badRequest('limit param must be positive')
  return Number(text)
}

/** The `offset` of a list, 0 when it is absent. */
export const offsetOf = (call: Call): number => {
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

/** The order that a list asks for; undefined when it asks for none. */
export const sortOf = <T extends StoredRecord>(call: Call, { sortKeys }: Pick<ListRules<T>, 'sortKeys'>) => {
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

const wantsCount = (call: Call): boolean => call.microversion.atLeast('3.45') && booleanOf(call, 'with_count')

const filterOf = <T extends StoredRecord>(call: Call, rules: ListRules<T>): ((record: T) => boolean) => {
  const asked = [...call.query].filter(([name]) => !notFilters.has(name) && !isNoFilter(call, rules, name))
  const byAnyColumn = call.isAdmin || (rules.isOfAllColumns === true && !call.microversion.atLeast(rules.strictFrom))
  const checks = byAnyColumn ? checksOfAdmin(call, rules, asked) : checksOfUser(call, rules, asked)
  return (record) => (rules.restrict?.(record) ?? true) && checks.every((check) => check(record))
}

const isNoFilter = <T extends StoredRecord>(call: Call, rules: ListRules<T>, name: string): boolean => {
  const { allTenants, noFilters, isCounted } = rules
  if (noFilters?.includes(name)) return true
  if (name === 'with_count') return isCounted !== false && call.microversion.atLeast('3.45')
  if (name !== 'all_tenants') return false
  if (!call.isAdmin || allTenants === 'any') return true
  return allTenants === 'boolean' && wantsAllTenants(call)
}

/** Whether an administrator asks for the objects of all projects; what is no boolean is refused. */
export const wantsAllTenants = (call: Call): boolean => call.isAdmin && booleanOf(call, 'all_tenants')

/** Whether a text is one of the words for true and false. */
export const isBooleanWord = (text: string): boolean => /^(true|false|t|f|yes|no|y|n|on|off|1|0)$/i.test(text)

/** A boolean of the query, false when it is absent; `title` is what a refusal calls it. */
export const booleanOf = (call: Call, name: string, title = name): boolean => {
  const text = call.query.get(name)
  if (text === null) return false
  if (!isBooleanWord(text)) {
    throw badRequest(`Value '${text}' for '${title}' is not a boolean.`)
  }
  return isTrue(text.toLowerCase())
}

/** Types to list: public ones unless an administrator asks for others; undefined for all. */
export const wantedPublicity = (call: Call): boolean | undefined => {
  const asked = call.query.get('is_public')
  if (!call.isAdmin || asked === null) return true
  if (asked.toLowerCase() === 'none') return undefined
  if (!isBooleanWord(asked)) throw badRequest(`Invalid is_public filter [${asked}]`)
  return isTrue(asked.toLowerCase())
}

type Checks<T> = readonly ((record: T) => boolean)[]

const checksOfUser = <T extends StoredRecord>(
  call: Call,
  { filters, strictFrom }: ListRules<T>,
  asked: readonly (readonly [string, string])[],
): Checks<T> => {
  const unknown = asked.map(([name]) => name).filter((name) => !Object.hasOwn(filters, name))
  if (unknown.length > 0 && call.microversion.atLeast(strictFrom)) {
    throw badRequest(`Invalid filters ${unknown.join(',')} are found in query options.`)
  }
  return asked.flatMap(([name, value]) => {
    const check = Object.hasOwn(filters, name) ? filters[name] : undefined
    return check ? [(record: T) => check(record, value)] : []
  })
}

const checksOfAdmin = <T extends StoredRecord>(
  call: Call,
  { filters, adminFilters = {}, unmodelled }: ListRules<T>,
  asked: readonly (readonly [string, string])[],
): Checks<T> => {
  const known = { ...filters, ...adminFilters }
  return asked.map(([name, value]) => {
    // `name~` compares with a pattern of the database.
    if (unmodelled.includes(name) || name.endsWith('~')) return notModelled(call, `?${name}`)
    const check = Object.hasOwn(known, name) ? known[name] : undefined
    return check ? (record: T) => check(record, value) : () => false
  })
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

/** Reads a filter value as Python's literals: a text may be in quotes, and a list of them means any of its items. */
export const literalsIn = (value: string): string[] => {
  const inner = /^\s*[[(](.*)[\])]\s*$/s.exec(value)?.[1]
  return inner === undefined
    ? [unquoted(value)]
    : inner
        .split(',')
        .map(unquoted)
        .filter((one) => one !== '')
}

const unquoted = (text: string): string => /^\s*(['"])(.*)\1\s*$/s.exec(text)?.[2] ?? text.trim()
