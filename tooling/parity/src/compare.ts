import type { Recorded, Tolerance } from './probe.ts'

/** Counters and the like, which depend on what else the project holds: only the type counts. */
const countKeys =
  /^(in_use|used|reserved|count|total.*Used|total_count|total_size|current_count|standard_attr_id|revision_number)$/

export interface Difference {
  /** Where: `status`, `header vary`, `body.volume.status`, `states`. */
  readonly at: string
  readonly real: unknown
  readonly fake: unknown
}

/** Compares an answer of the fake with the real one. */
export function compare(
  real: Recorded,
  fake: Recorded,
  { list, fleeting = [], fleetingFields = [] }: Tolerance = {},
): Difference[] {
  const head = ({ status, headers, states }: Recorded) => ({
    status,
    headers,
    states: states?.filter((one) => !fleeting.includes(one)).join(', '),
  })
  const lasting = (body: unknown): unknown =>
    isObject(body) ? Object.fromEntries(Object.entries(body).filter(([key]) => !fleetingFields.includes(key))) : body
  return [
    ...differencesOf('', head(real), head(fake), { isShape: false, isError: true }),
    ...differencesOf('body', lasting(real.body), lasting(fake.body), {
      isShape: list === 'shape',
      isError: real.status >= 400,
    }),
  ]
}

/** Ids that are numbers count up over the cloud's life. */
const isSerialNumber = (key: string, value: unknown): boolean => key === 'id' && typeof value === 'number'

interface Mode {
  readonly isShape: boolean
  /** In refusals every word counts. */
  readonly isError: boolean
}

function differencesOf(at: string, real: unknown, fake: unknown, mode: Mode): Difference[] {
  const difference = [{ at, real: shown(real), fake: shown(fake) }]
  if (typeOf(real) !== typeOf(fake)) return difference
  if (Array.isArray(real) && Array.isArray(fake)) return differencesOfLists(at, real, fake, mode)
  if (!isObject(real) || !isObject(fake)) return mode.isShape || real === fake ? [] : difference
  return [...new Set([...Object.keys(real), ...Object.keys(fake)])].flatMap((key) => {
    const isCount = !mode.isError && (countKeys.test(key) || isSerialNumber(key, real[key]))
    const inner = isCount || key === 'catalog' ? { ...mode, isShape: true } : mode
    return differencesOf(at === '' ? key : `${at}.${key}`, real[key], fake[key], inner)
  })
}

function differencesOfLists(at: string, real: readonly unknown[], fake: readonly unknown[], mode: Mode): Difference[] {
  if (mode.isShape) {
    const isEmpty = real.length === 0 || fake.length === 0
    return isEmpty ? [] : differencesOf(`${at}[]`, mergedShape(real), mergedShape(fake), mode)
  }
  if (real.length !== fake.length) return [{ at: `${at}.length`, real: real.length, fake: fake.length }]
  const [a, b] = isOrdered(at) ? [real, fake] : [sorted(real), sorted(fake)]
  return a.flatMap((item, index) => differencesOf(`${at}[${index}]`, item, b[index], mode))
}

/** Lists of resources are in an order that clients rely on; others (links, zones, rules) are sets. */
const isOrdered = (at: string): boolean => /^body\.[a-z_]+$/.test(at) && !/^body\.(tags|roles)$/.test(at)

const sorted = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** One item that has all keys of the list's items, whatever their order: null only what is null in each. */
function mergedShape(list: readonly unknown[]): unknown {
  if (!list.every(isObject)) return list[0]
  const merged: Record<string, unknown> = {}
  for (const [key, value] of list.flatMap(Object.entries)) {
    const known = merged[key]
    merged[key] = Array.isArray(known) && Array.isArray(value) ? [...known, ...value] : (known ?? value)
  }
  return merged
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

/** An object of JSON: no array, no null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown): unknown => {
  const text = JSON.stringify(value) ?? 'absent'
  if (text.length > 300) return `${text.slice(0, 300)}…`
  return value === undefined ? text : value
}
