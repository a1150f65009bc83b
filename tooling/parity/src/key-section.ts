import { type KeyTable, readKeyTables } from './explore/key-table.ts'
import { services } from './probe.ts'

const tables = readKeyTables()

/** Lines of the limits document: which query keys of each list are obeyed, and which are 501. */
export function keySection(unmodelled: Readonly<Record<string, readonly string[]>>): string[] {
  return [
    '## Query keys of lists',
    '',
    'What the lists select, sort and page by, as seen on the real Zed: each key was sent with several values to the real',
    "cloud and to the fake. Keys that the real service ignores or refuses are ignored or refused here too; Nova's are checked",
    'by its own schemas. (admin) marks those of administrators.',
    '',
    ...services.flatMap((service) => {
      const table = tables[service]
      return table
        ? [
            '<details>',
            `<summary>${service}</summary>`,
            '',
            ...linesOf(table, unmodelled[service] ?? []),
            '',
            '</details>',
            '',
          ]
        : []
    }),
  ]
}

const linesOf = (table: KeyTable, unmodelled: readonly string[]): string[] =>
  Object.entries(table).flatMap(([path, users]) => {
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
    return [`- \`${list}\`: ${obeyed.join(', ') || 'none'}${refused}`]
  })

const obeyedIn = (keys: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(keys).filter((key) => keys[key] === 'obeyed')
