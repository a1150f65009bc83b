import { textTable } from '@openstack-cpi/harness/text-table'
import { budgetRows, requestShare } from './budgets.ts'
import type { FakeFigure } from './fake.ts'
import type { CloudFigures, Figures } from './figures.ts'
import { peers } from './peers.ts'
import type { ScaleFigures } from './scale.ts'
import type { Spread } from './statistics.ts'

/** The first row is the header. Empty where nothing was measured. */
type Table = readonly (readonly string[])[]

/** The tables by their names, in the order of the report. */
const tables: Readonly<Record<string, (figures: Figures) => Table>> = {
  start: ({ process: { bareNodeMs, infoMs, infoThroughShimMs, throughWrapper } }) => [
    ['process start, ms', 'min', 'median', 'max'],
    ['node -e 0', ...spreadOf(bareNodeMs)],
    ['info', ...spreadOf(infoMs)],
    ['info through the shim', ...spreadOf(infoThroughShimMs)],
    ...(throughWrapper
      ? [
          ["info through the release's wrapper", ...spreadOf(throughWrapper.infoMs)],
          ['a shell that does nothing', ...spreadOf(throughWrapper.shellMs)],
        ]
      : []),
  ],
  fake: ({ fake }) =>
    fake.length === 0 ? [] : [['the fake cloud itself', 'budget', 'median', 'spread', ''], ...fake.map(fakeRow)],
  'methods-fake': ({ clouds }) => methods('fake', clouds['fake']),
  'methods-reference': ({ clouds }) => methods('reference', clouds['reference']),
  uploads: ({ clouds }) =>
    Object.keys(clouds).length === 0
      ? []
      : [
          ['upload', 'MiB', 'seconds', 'zcat | curl -T -', 'throughput', 'peak RSS, MiB'],
          ...Object.entries(clouds).map(([name, { upload }]) => [
            `${name} cloud`,
            `${upload.sizeMiB}`,
            seconds(upload.oursMs.median),
            seconds(upload.curlMs.median),
            upload.throughputRatio.toFixed(2),
            upload.peakRssMiB.toFixed(0),
          ]),
        ],
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
  waits: ({ polling }) => [
    ['ready after', 'interval', 'time', 'requests', 'worst delay'],
    ...polling.map(({ readyAfterMs: [from, to], intervalMs, ourWallRatio, ourRequestRatio, worstDelayMs }) => [
      `${from / 1000} to ${to / 1000} s`,
      `${intervalMs / 1000} s`,
      ourWallRatio.toFixed(2),
      ourRequestRatio.toFixed(2),
      `${seconds(worstDelayMs)} s`,
    ]),
  ],
  'processes-fake': ({ scale }) => processes(scale['fake']),
  'processes-reference': ({ scale }) => processes(scale['reference']),
  budgets: (figures) => [
    ['what', 'budget', 'found', ''],
    ...budgetRows(figures).map(({ what, budget, found, isMet }) => [what, budget, found, isMet ? '' : 'missed']),
  ],
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2)
const spreadOf = ({ min, median, max }: Spread): string[] => [min, median, max].map((ms) => ms.toFixed(1))

function fakeRow({ what, unit, budget, measured }: FakeFigure): readonly string[] {
  const digits = measured.median >= 100 ? 0 : measured.median >= 10 ? 1 : 2
  const found = [
    `${measured.median.toFixed(digits)} ${unit}`,
    `${measured.min.toFixed(digits)}-${measured.max.toFixed(digits)}`,
  ]
  if (budget === undefined) return [what, '', ...found, '']
  const [limit, isMet] =
    'atMost' in budget
      ? [`≤ ${budget.atMost}`, measured.median <= budget.atMost]
      : [`≥ ${budget.atLeast}`, measured.median >= budget.atLeast]
  return [what, `${limit} ${unit}`, ...found, isMet ? 'met' : 'MISSED']
}

/** Methods in the order of the contender that has most of them. */
function methods(cloud: string, figures: CloudFigures | undefined): Table {
  if (figures === undefined) return []
  const { contenders } = figures
  const [longest] = contenders.toSorted((a, b) => b.methods.length - a.methods.length)
  const rows = (longest?.methods ?? []).map(({ method }) => [
    method,
    ...contenders.flatMap(({ methods }) => {
      const found = methods.find((one) => one.method === method)
      if (found === undefined) return ['-', '-', '-', '-', '-']
      const { wallMs, requests, cpuMs, peakRssMiB } = found
      const spread = `${seconds(wallMs.min)}-${seconds(wallMs.max)}`
      const used = [cpuMs, peakRssMiB].map((one) => one?.median.toFixed(0) ?? '-')
      return [seconds(wallMs.median), spread, String(requests.median), ...used]
    }),
  ])
  const columns = ({ name }: { readonly name: string }) => [`${name} s`, 'spread', 'requests', 'CPU ms', 'RSS MiB']
  return [[`${cloud} cloud`, ...contenders.flatMap(columns)], ...rows]
}

const processes = (measured: readonly ScaleFigures[] | undefined): Table =>
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

/** CPU time of bare Node 24 on the machine of the figures in docs/performance.md, ms. */
const idleMs = 25

/** All figures as tables, and what misses its budget. */
export function report(figures: Figures): string {
  const shown = Object.entries(tables).flatMap(([name, make]) => {
    const rows = make(figures)
    return rows.length === 0 ? [] : [`${name}\n${textTable(rows)}`]
  })
  const missed = budgetRows(figures).filter(({ isMet }) => !isMet)
  const lines = missed.map(
    ({ what, found, budget, because = '' }) =>
      `missed: ${what}: ${found}, budget ${budget}${because === '' ? '' : ` (${because})`}`,
  )
  const bareMs = figures.process.bareNodeCpuMs.median.toFixed(0)
  const machine = `Bare Node took ${bareMs} ms of CPU time in this run, ${idleMs} on an idle machine: seconds are the machine's too.`
  return `${[...shown, [...lines, machine].join('\n')].join('\n\n')}\n`
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
      return `<!-- bench:${name} -->\n${rows.length === 0 ? old : `\n${markdownTable(rows)}\n\n`}<!-- /bench -->`
    },
  )
}

const markdownTable = ([header = [], ...rows]: Table): string =>
  [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
