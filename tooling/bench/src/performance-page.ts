import { budgetRows, requestShare } from './budgets.ts'
import { fakeRows } from './fake-figure.ts'
import type { Figures } from './figures.ts'
import { peerRequests } from './peer-figures.ts'

/** The page with the figures between its marks. Throws for a mark that has no end, or of an unknown name. */
export function performancePage(page: string, figures: Figures): string {
  return page.replaceAll(
    /<!-- bench:(\S+) -->\n([\s\S]*?)(<!-- \/bench -->|$)/g,
    (_, name: string, old: string, end) => {
      const make = sections[name]
      if (end === '' || make === undefined)
        throw new Error(`docs/performance.md: bench:${name} has no end, or is unknown`)
      const rows = make(figures)
      return `<!-- bench:${name} -->\n${rows.length === 0 ? old : `\n${table(rows)}\n\n`}<!-- /bench -->`
    },
  )
}

type Rows = readonly (readonly string[])[]

/** Each the rows of a table with its header; none where nothing was measured. */
const sections: Readonly<Record<string, (figures: Figures) => Rows>> = {
  budgets: (figures) => [
    ['what', 'budget', 'found', ''],
    ...budgetRows(figures).map(({ what, budget, found, isMet }) => [what, budget, found, isMet ? '' : 'missed']),
  ],
  requests: ({ clouds }) => {
    const warm = clouds['fake']?.contenders.find(({ name }) => name === 'warm')
    if (warm === undefined) return []
    const { ours, go } = requestShare(warm)
    const compared = warm.methods.filter(({ method }) => method !== 'info' && peerRequests[method] !== undefined)
    return [
      ['method', 'requests', 'Go CPI'],
      ...compared.map(({ method, requests }) => [method, `${requests.median}`, `${peerRequests[method]?.go}`]),
      ['login', '1', 'among them'],
      ['**life cycle**', `**${ours}**`, `**${go}**`],
    ]
  },
  waits: ({ polling }) => [
    ['ready after', 'interval', 'time', 'requests'],
    ...polling.map(({ readyAfterMs: [from, to], intervalMs, ourWallRatio, ourRequestRatio }) => [
      `${from / 1000} to ${to / 1000} s`,
      `${intervalMs / 1000} s`,
      ourWallRatio.toFixed(2),
      ourRequestRatio.toFixed(2),
    ]),
  ],
  fake: ({ fake }) =>
    fake.length === 0 ? [] : [['what', 'budget', 'found', 'from, to', ''], ...fakeRows(fake).map(withoutWord)],
  'processes-fake': ({ scale }) => processes(scale['fake']),
  'processes-reference': ({ scale }) => processes(scale['reference']),
}

/** A row of the fake, in which only a missed budget is named. */
const withoutWord = (row: readonly string[]): readonly string[] => [
  ...row.slice(0, -1),
  row.at(-1) === 'MISSED' ? 'missed' : '',
]

const processes = (measured: Figures['scale'][string] | undefined): Rows =>
  measured === undefined
    ? []
    : [
        ['processes', 'failures', 'logins', 'requests', 'each', 'seconds', 'RSS of all, MiB', 'PSS of each, MiB'],
        ...measured.map((one) => [
          `${one.processes}`,
          `${one.failures}`,
          `${one.logins}`,
          `${one.requests}`,
          (one.requests / one.processes).toFixed(1),
          (one.wallMs / 1000).toFixed(1),
          one.rssMiB.toFixed(0),
          one.pssMiB.toFixed(1),
        ]),
      ]

const table = ([header = [], ...rows]: Rows): string =>
  [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
