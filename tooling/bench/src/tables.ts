import { textTable } from '@openstack-cpi/harness/text-table'
import { budgetRow, budgetRows, requestShare } from './budgets.ts'
import type { ContenderFigures } from './contenders.ts'
import { peers } from './data.ts'
import type { FakeFigure } from './fake.ts'
import type { ProcessCosts } from './process-costs.ts'
import type { ScaleFigures } from './scale.ts'
import type { Spread } from './statistics.ts'
import type { UploadFigures } from './upload.ts'

/** What is measured on each cloud alike. */
export interface CloudFigures {
  readonly contenders: readonly ContenderFigures[]
  readonly upload: UploadFigures
}

/** Everything that one run of the benchmarks measures. */
export interface Figures {
  readonly process: ProcessCosts
  /** Of the fake cloud itself; empty where it was not measured. */
  readonly fake: readonly FakeFigure[]
  readonly clouds: Readonly<Record<string, CloudFigures>>
  readonly scale: Readonly<Record<string, readonly ScaleFigures[]>>
}

/** The first row is the header. Without other rows nothing was measured. */
type Table = readonly (readonly string[])[]

/** The tables by their names, in the order of the report. */
const tables: Readonly<Record<string, (figures: Figures) => Table>> = {
  start: ({ process: { bareNodeMs, infoMs, infoThroughShimMs, throughWrapper: wrapper } }) => [
    ['process start, ms', 'median', 'from, to'],
    ['node -e 0', ...spreadOf(bareNodeMs, 1)],
    ['info', ...spreadOf(infoMs, 1)],
    ['info through the shim', ...spreadOf(infoThroughShimMs, 1)],
    ...(wrapper ? [["info through the release's wrapper", ...spreadOf(wrapper.infoMs, 1)]] : []),
  ],
  fake: ({ fake }) => [
    ['what', 'budget', 'found', 'from, to', ''],
    ...fake.map(({ id, of, measured }) => {
      const { what, budget, found, because } = budgetRow(id, measured.median, of)
      const [, range = ''] = spreadOf(measured, measured.median >= 100 ? 0 : measured.median >= 10 ? 1 : 2)
      return [what, budget, found, range, because === '' ? '' : `missed: ${because}`]
    }),
  ],
  'methods-fake': ({ clouds }) => methods('fake', clouds['fake']),
  'methods-reference': ({ clouds }) => methods('reference', clouds['reference']),
  requests: ({ clouds }) => {
    const warm = clouds['fake']?.contenders.find(({ name }) => name === 'warm')
    if (warm === undefined) return []
    const { ours, go } = requestShare(warm)
    const compared = warm.methods.filter(({ method }) => method !== 'info' && peers[method] !== undefined)
    return [
      ['method', 'requests', 'Go CPI'],
      ...compared.map(({ method, requests }) => [method, `${requests.median}`, `${peers[method]?.requests}`]),
      ['login', '1', 'among them'],
      ['**life cycle**', `**${ours}**`, `**${go}**`],
    ]
  },
  'processes-fake': ({ scale }) => processes(scale['fake']),
  'processes-reference': ({ scale }) => processes(scale['reference']),
  budgets: (figures) => [
    ['what', 'budget', 'found', ''],
    ...budgetRows(figures).map(({ what, budget, found, isMet, because }) => [
      what,
      budget,
      found,
      isMet ? '' : `missed: ${because}`,
    ]),
  ],
}

const spreadOf = ({ min, median, max }: Spread, digits: number): string[] => [
  median.toFixed(digits),
  `${min.toFixed(digits)}-${max.toFixed(digits)}`,
]

/** Methods in the order of the contender that has most of them. */
function methods(cloud: string, figures: CloudFigures | undefined): Table {
  const contenders = figures?.contenders ?? []
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

const processes = (measured: readonly ScaleFigures[] = []): Table => [
  ['processes', 'failures', 'logins', 'requests', 'each', 'seconds', 'RSS of all, MiB', 'PSS of each, MiB'],
  ...measured.map(({ processes, failures, logins, requests, wallMs, rssMiB, pssMiB }) => [
    ...[processes, failures, logins, requests].map(String),
    ...[requests / processes, wallMs / 1000].map((figure) => figure.toFixed(1)),
    rssMiB.toFixed(0),
    pssMiB.toFixed(1),
  ]),
]

/** CPU time of bare Node 24 on the machine of the figures in docs/performance.md, ms. */
const idleMs = 25

/** All figures as tables; budgets that are missed say why. */
export function report(figures: Figures): string {
  const shown = Object.entries(tables).flatMap(([name, make]) => {
    const rows = make(figures)
    return rows.length < 2 ? [] : [`${name}\n${textTable(rows)}`]
  })
  const bareMs = figures.process.bareNodeCpuMs.median.toFixed(0)
  const machine = `Bare Node took ${bareMs} ms of CPU time in this run, ${idleMs} on an idle machine: seconds are the machine's too.`
  return `${[...shown, machine].join('\n\n')}\n`
}

/** docs/performance.md with the tables between its marks. Throws for a mark that has no end, or of an unknown name. */
export function performancePage(page: string, figures: Figures): string {
  return page.replaceAll(
    /<!-- bench:(\S+) -->\n([\s\S]*?)(<!-- \/bench -->|$)/g,
    (_, name: string, old: string, end) => {
      const make = tables[name]
      if (end === '' || make === undefined)
        throw new Error(`docs/performance.md: bench:${name} has no end, or is unknown`)
      const rows = make(figures)
      return `<!-- bench:${name} -->\n${rows.length < 2 ? old : `\n${markdownTable(rows)}\n\n`}<!-- /bench -->`
    },
  )
}

const markdownTable = ([header = [], ...rows]: Table): string =>
  [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
