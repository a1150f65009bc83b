import { readKeyTables } from './explore/key-table.ts'
import type { Service } from './probe.ts'

const tables = readKeyTables()

/**
 * A line for each list of a service: which query keys are obeyed, and which of those are 501 in the fake.
 * @param unmodelled routes and query keys of the service that the fake does not model
 */
export const obeyedKeys = (service: Service, unmodelled: readonly string[]): readonly string[] =>
  Object.entries(tables[service] ?? {}).flatMap(([path, users]) => {
    const list = path.replace(/\{\w+\}/g, ':id')
    const ofUsers = obeyedIn(users['bosh'])
    const ofAdmins = obeyedIn(users['admin']).filter((key) => !ofUsers.includes(key))
    const isGap = (key: string): boolean => unmodelled.includes(`GET ${list}?${key}`)
    const obeyed = [
      ...ofUsers.filter((key) => !isGap(key)).map((key) => `\`${key}\``),
      ...ofAdmins.filter((key) => !isGap(key)).map((key) => `\`${key}\` (admin)`),
    ]
    const gaps = [...ofUsers, ...ofAdmins].filter(isGap).map((key) => `\`${key}\``)
    if (obeyed.length + gaps.length === 0) return []
    const refused = gaps.length === 0 ? '' : `; 501: ${gaps.join(', ')}`
    return [`\`${list}\`: ${obeyed.join(', ') || 'none'}${refused}`]
  })

const obeyedIn = (keys: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(keys).filter((key) => keys[key] === 'obeyed')
