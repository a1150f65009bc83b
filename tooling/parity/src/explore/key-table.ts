import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { isObject } from '../compare.ts'
import type { Recorded, Service } from '../probe.ts'
import { ownItems } from './ask-both.ts'
import type { Generated } from './generate.ts'

/** What a service does with a query key: some value changes the answer, every value is refused, or none matters. */
export type Treatment = 'obeyed' | 'refused' | 'ignored' | 'not modelled'

/** Treatments by path, user and key. */
export type KeyTable = Record<string, Record<string, Record<string, Treatment>>>

const file = new URL('../../recordings/query-keys-zed.json', import.meta.url)

/** What the real services do with the query keys of their lists. */
export const readKeyTables = (): Partial<Record<Service, KeyTable>> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<Service, KeyTable>>) : {} // written below

/** Keeps the table of a service. */
export async function keepKeyTable(service: Service, table: KeyTable): Promise<void> {
  const all = { ...readKeyTables(), [service]: table }
  const lines = (own: KeyTable): string =>
    Object.entries(own)
      .map(([path, users]) => `    ${JSON.stringify(path)}: ${JSON.stringify(users)}`)
      .join(',\n')
  const parts = Object.entries(all).map(([name, own]) => `  ${JSON.stringify(name)}: {\n${lines(own)}\n  }`)
  await writeFile(file, `{\n${parts.join(',\n')}\n}\n`)
}

/** The treatments that follow from what a cloud answered to `keyRequests`. */
export function keyTable(answers: readonly { generated: Generated; recorded: Recorded }[]): KeyTable {
  const whole = new Map<string, Recorded>()
  const byKey = new Map<string, { path: string; as: string; key: string; statuses: number[]; isObeyed: boolean }>()
  for (const { generated, recorded } of answers) {
    const { path, as = 'bosh', version = '' } = generated.request
    const [list = '', query] = path.split('?')
    const place = [list, as, version].join(' ')
    if (query === undefined) {
      whole.set(place, recorded)
      continue
    }
    const unfiltered = whole.get(place) ?? recorded
    const key = decodeURIComponent(query.split('=')[0] ?? '')
    const id = JSON.stringify([list, as, key])
    const own = byKey.get(id) ?? { path: list, as, key, statuses: [], isObeyed: false }
    own.statuses.push(recorded.status)
    own.isObeyed ||= signature(recorded, unfiltered, as) !== signature(unfiltered, unfiltered, as)
    byKey.set(id, own)
  }
  const table: KeyTable = {}
  for (const { path, as, key, statuses, isObeyed } of byKey.values()) {
    table[path] ??= {}
    table[path][as] ??= {}
    table[path][as][key] = treatmentOf(statuses, isObeyed)
  }
  return table
}

const treatmentOf = (statuses: readonly number[], isObeyed: boolean): Treatment => {
  if (statuses.includes(501)) return 'not modelled'
  if (statuses.every((status) => status >= 400)) return 'refused'
  return isObeyed ? 'obeyed' : 'ignored'
}

/**
 * What of an answer depends on the query: the status, and the body. Of an administrator's list, which has objects of
 * others, the own ones count, or where the whole list has none of them, whether there are any.
 */
const signature = ({ status, body }: Recorded, unfiltered: Recorded, as: string): string => {
  if (status >= 400) return String(status)
  const entries = Object.entries(isObject(body) ? body : {}).filter(([name]) => !/links|^(first|next)$/.test(name))
  const lists = entries.flatMap(([, value]) => (Array.isArray(value) ? [value] : []))
  if (as !== 'admin' || lists.length === 0) return JSON.stringify(entries)
  return ownItems(unfiltered.body).length > 0 ? JSON.stringify(ownItems(body)) : String(lists.flat().length > 0)
}
