import { textTable } from '@openstack-cpi/harness/text-table'
import { budgetedFigures, budgetRow, type Figures, requestShare } from './budgets.ts'
import type { ContenderFigures } from './contenders.ts'
import { peers } from './data.ts'
import type { ScaleFigures } from './scale.ts'

/** The first row is the header. Without other rows nothing was measured. */
type Table = readonly (readonly string[])[]

/** The tables by their names, in the order of the report. */
const tables: Readonly<Record<string, (figures: Figures) => Table>> = {
  fake: ({ fake }) => [budgetHeader, ...fake.map(budgetRow)],
  'methods-fake': ({ clouds }) => methods('fake', clouds['fake']),
  'methods-reference': ({ clouds }) => methods('reference', clouds['reference']),
  peers: ({ clouds }) => besidePeers(clouds['reference']),
  requests: ({ clouds }) => {
    const warm = clouds['fake']?.find(({ name }) => name === 'warm')
    if (warm === undefined) return []
    const { compared, ours, go } = requestShare(warm)
    return [
      ['method', 'requests', 'Go CPI'],
      ...compared.map(({ method, requests }) => [method, `${requests.median}`, `${peers[method]?.go.requests}`]),
      ['login', '1', 'among them'],
      ['**life cycle**', `**${ours}**`, `**${go}**`],
    ]
  },
  'processes-fake': ({ scale }) => processes(scale['fake']),
  'processes-reference': ({ scale }) => processes(scale['reference']),
  budgets: (figures) => [budgetHeader, ...budgetedFigures(figures).map(budgetRow)],
}

const budgetHeader = ['what', 'budget', 'found', 'from, to', '']

/** Methods in the order of the contender that has most of them. */
function methods(cloud: string, contenders: readonly ContenderFigures[] = []): Table {
  const [longest] = contenders.toSorted((a, b) => b.methods.length - a.methods.length)
  const rows = (longest?.methods ?? []).map(({ method }) => [
    method,
    ...contenders.flatMap(({ methods }) => {
      const { wallMs, requests, cpuMs, peakRssMiB } = methods.find((one) => one.method === method) ?? {}
      const seconds = wallMs === undefined ? '-' : (wallMs.median / 1000).toFixed(2)
      return [seconds, ...[requests, cpuMs, peakRssMiB].map((one) => one?.median.toFixed(0) ?? '-')]
    }),
  ])
  const columns = ({ name }: { readonly name: string }) => [`${name} s`, 'requests', 'CPU ms', 'RSS MiB']
  return [[`${cloud} cloud`, ...contenders.flatMap(columns)], ...rows]
}

/** This CPI with a kept login beside the two others: seconds, requests and memory by method. */
function besidePeers(contenders: readonly ContenderFigures[] = []): Table {
  const warm = contenders.find(({ name }) => name === 'warm')
  const columns = (name: string) => [`${name}: s`, 'requests', 'RSS MiB']
  return [
    ['method', ...columns('this CPI'), ...columns('Go CPI'), ...columns('Ruby CPI')],
    ...(warm?.methods ?? []).map(({ method, wallMs, requests, peakRssMiB }) => {
      const ours = { seconds: wallMs.median / 1000, requests: requests.median, rssMiB: peakRssMiB?.median }
      const { go, ruby } = peers[method] ?? {}
      const cells = [ours, go, ruby].flatMap((one) => [
        one === undefined ? '-' : Number(one.seconds.toPrecision(3)),
        one?.requests ?? '-',
        one?.rssMiB?.toFixed(0) ?? '-',
      ])
      return [method, ...cells.map(String)]
    }),
  ]
}

const processes = (measured: readonly ScaleFigures[] = []): Table => [
  ['processes', 'failures', 'logins', 'requests', 'each', 'seconds', 'RSS of all, MiB', 'PSS of each, MiB'],
  ...measured.map(({ processes, failures, logins, requests, wallMs, rssMiB, pssMiB }) => [
    ...[processes, failures, logins, requests].map(String),
    ...[requests / processes, wallMs / 1000].map((figure) => figure.toFixed(1)),
    rssMiB.toFixed(0),
    pssMiB.toFixed(1),
  ]),
]

/** All figures as tables. */
export const report = (figures: Figures): string =>
  Object.entries(tables)
    .map(([name, make]) => ({ name, rows: make(figures) }))
    .filter(({ rows }) => rows.length > 1)
    .map(({ name, rows }) => `${name}\n${textTable(rows.map(withoutReason))}\n${reasonsIn(rows)}`)
    .join('\n')

const withoutReason = (row: readonly string[]): readonly string[] =>
  row.map((cell) => cell.replace(/^missed: .*/, 'missed'))

/** Below a table of budgets a line for each that is missed. */
const reasonsIn = (rows: Table): string =>
  rows.flatMap(([what, ...row]) => (row.at(-1)?.startsWith('missed: ') ? [`${what}: ${row.at(-1)}\n`] : [])).join('')

/**
 * Draws the seconds of the table of all three CPIs, for the methods that all have. The bars of a method lie over each other, the
 * shorter in front; a third series is readable only as a line.
 */
function chart([header = [], ...rows]: Table): string {
  const [ours = 0, go = 0, ruby = 0] = [...header.keys()].filter((column) => header[column]?.endsWith(': s'))
  const drawn = rows.filter((row) => row[go] !== '-' && row[ruby] !== '-')
  const series = (column: number) => `[${drawn.map((row) => Number(row[column]).toFixed(2)).join(', ')}]`
  return [
    '```mermaid',
    'xychart-beta horizontal',
    '  title "seconds per method: the Go CPI behind this one, the Ruby CPI as a line"',
    `  x-axis [${drawn.map(([method]) => `"${method}"`).join(', ')}]`,
    '  y-axis "seconds"',
    `  bar ${series(go)}`,
    `  bar ${series(ours)}`,
    `  line ${series(ruby)}`,
    '```',
  ].join('\n')
}

/** A page with the tables and the chart between its marks. Throws for a mark that has no end, or of an unknown name. */
export function performancePage(page: string, figures: Figures): string {
  return page.replaceAll(
    /<!-- bench:(\S+) -->\n([\s\S]*?)(<!-- \/bench -->|$)/g,
    (_, name: string, old: string, end) => {
      const isChart = name === 'chart'
      const make = tables[isChart ? 'peers' : name]
      if (end === '' || make === undefined) throw new Error(`the mark bench:${name} has no end, or is unknown`)
      const rows = make(figures)
      const made = isChart ? chart(rows) : markdownTable(rows)
      return `<!-- bench:${name} -->\n${rows.length < 2 ? old : `\n${made}\n\n`}<!-- /bench -->`
    },
  )
}

const markdownTable = ([header = [], ...rows]: Table): string =>
  [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
