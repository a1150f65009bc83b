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
export function compare(real: Recorded, fake: Recorded, tolerance: Tolerance = {}): Difference[] {
  const out: Difference[] = []
  if (real.status !== fake.status) out.push({ at: 'status', real: real.status, fake: fake.status })
  for (const name of new Set([...Object.keys(real.headers), ...Object.keys(fake.headers)])) {
    if (real.headers[name] !== fake.headers[name]) {
      out.push({ at: `header ${name}`, real: real.headers[name], fake: fake.headers[name] })
    }
  }
  const lasting = (body: unknown): unknown => withoutFields(body, tolerance.fleetingFields ?? [])
  compareValues(
    'body',
    lasting(real.body),
    lasting(fake.body),
    { isShape: tolerance.list === 'shape', isError: real.status >= 400 },
    out,
  )
  if (!sameStates(real.states, fake.states, tolerance.fleeting ?? [])) {
    out.push({ at: 'states', real: real.states, fake: fake.states })
  }
  return out
}

const withoutFields = (body: unknown, fields: readonly string[]): unknown =>
  fields.length === 0 || typeof body !== 'object' || body === null || Array.isArray(body)
    ? body
    : Object.fromEntries(Object.entries(body).filter(([key]) => !fields.includes(key)))

/** Ids that are numbers count up over the cloud's life. */
const isSerialNumber = (key: string, value: unknown): boolean => key === 'id' && typeof value === 'number'

interface Mode {
  readonly isShape: boolean
  /** In refusals every word counts. */
  readonly isError: boolean
}

function compareValues(at: string, real: unknown, fake: unknown, mode: Mode, out: Difference[]): void {
  if (typeOf(real) !== typeOf(fake)) {
    out.push({ at, real: shown(real), fake: shown(fake) })
    return
  }
  if (Array.isArray(real) && Array.isArray(fake)) {
    compareLists(at, real, fake, mode, out)
    return
  }
  if (isObject(real) && isObject(fake)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(fake)])) {
      const place = `${at}.${key}`
      if (!Object.hasOwn(fake, key)) out.push({ at: place, real: shown(real[key]), fake: 'absent' })
      else if (!Object.hasOwn(real, key)) out.push({ at: place, real: 'absent', fake: shown(fake[key]) })
      else if (!mode.isError && (countKeys.test(key) || isSerialNumber(key, real[key]))) {
        if (typeOf(real[key]) !== typeOf(fake[key])) out.push({ at: place, real: real[key], fake: fake[key] })
      } else compareValues(place, real[key], fake[key], key === 'catalog' ? { ...mode, isShape: true } : mode, out)
    }
    return
  }
  if (!mode.isShape && real !== fake) out.push({ at, real: shown(real), fake: shown(fake) })
}

function compareLists(at: string, real: readonly unknown[], fake: readonly unknown[], mode: Mode, out: Difference[]) {
  if (mode.isShape) {
    const first = { real: mergedShape(real), fake: mergedShape(fake) }
    if (real.length > 0 && fake.length > 0) compareValues(`${at}[]`, first.real, first.fake, mode, out)
    return
  }
  if (real.length !== fake.length) {
    out.push({ at: `${at}.length`, real: real.length, fake: fake.length })
    return
  }
  const pairs = sorted(real).map((item, index) => [item, sorted(fake)[index]] as const)
  const [a, b] = isOrdered(at) ? [real, fake] : [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
  for (const [index, item] of a.entries()) compareValues(`${at}[${index}]`, item, b[index], mode, out)
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

/** The real states must appear in the fake in this order; more of them only if they are fleeting. */
function sameStates(
  real: readonly unknown[] | undefined,
  fake: readonly unknown[] | undefined,
  fleeting: readonly unknown[],
): boolean {
  if (real === undefined || fake === undefined) return real === fake
  const rest = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).filter((one) => !quick.has(one))
  const quick = new Set(fleeting.map((one) => JSON.stringify(one)))
  return rest(real).join() === rest(fake).join()
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
  return text.length > 300 ? `${text.slice(0, 300)}…` : (value ?? null)
}
