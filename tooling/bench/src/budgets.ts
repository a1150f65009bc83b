import type { ContenderFigures } from './contenders.ts'
import { budgets, peers } from './data.ts'
import { sum } from './statistics.ts'
import type { CloudFigures, Figures } from './tables.ts'

/** One line of the budgets: what is measured, what is allowed, what was found, and whether that is within. */
export interface BudgetRow {
  readonly what: string
  readonly budget: string
  readonly found: string
  readonly isMet: boolean
  /** Where most of it comes from, for a budget that is missed. */
  readonly because: string
}

/**
 * Compares a figure with the budget of this id. Throws when `budgets.yaml` has none.
 * @param of what the figure is of: a cloud, or a request
 * @param details most of it, as measured in this run
 */
export function budgetRow(id: string, found: number, of = '', details = ''): BudgetRow {
  const row = budgets[id]
  if (row === undefined) throw new Error(`budgets.yaml has no ${id}`)
  const { what, unit, atMost, atLeast, because } = row
  const withUnit = (text: string): string => (unit === '' ? text : `${text} ${unit}`)
  const limits = [...(atMost === undefined ? [] : [`≤ ${atMost}`]), ...(atLeast === undefined ? [] : [`≥ ${atLeast}`])]
  const isMet = found <= (atMost ?? Infinity) && found >= (atLeast ?? -Infinity)
  return {
    what: of === '' ? what : `${of}: ${what}`,
    budget: limits.map(withUnit).join(),
    found: withUnit(found.toFixed(found >= 100 || Number.isInteger(found) ? 0 : found >= 10 ? 1 : 2)),
    isMet,
    because: isMet ? '' : [details, because].filter((text) => text !== '').join('. '),
  }
}

/** The budgets of the executable, on each cloud that was measured. Those of the fake have a table of their own. */
export function budgetRows({ process, clouds, scale }: Figures): readonly BudgetRow[] {
  const { throughWrapper: wrapper, infoRatio, callCpuRatio, bareNodeCpuMs } = process
  return [
    ...(wrapper ? [budgetRow('wrapper-info', wrapper.infoMs.median - wrapper.shellMs.median)] : []),
    budgetRow('info', infoRatio),
    budgetRow('call-cpu', callCpuRatio),
    ...(wrapper ? [budgetRow('wrapper-cpu', wrapper.callCpuRatio)] : []),
    ...Object.entries(clouds).flatMap(([name, figures]) => cloudRows(name, figures, bareNodeCpuMs.median)),
    ...Object.entries(scale).flatMap(([cloud, figures]) =>
      figures.flatMap(({ processes, failures, logins, pssMiB }) => [
        budgetRow('failures', failures, `${cloud}, ${processes} processes`),
        budgetRow('logins', logins, `${cloud}, ${processes} processes`),
        ...(processes === 32 ? [budgetRow('pss', pssMiB, cloud)] : []),
      ]),
    ),
  ]
}

function cloudRows(cloud: string, { contenders, upload }: CloudFigures, bareNodeCpuMs: number): readonly BudgetRow[] {
  const warm = contenders.find(({ name }) => name === 'warm')
  const own = contenders.filter(({ name }) => name === 'warm' || name === 'cold').flatMap(({ methods }) => methods)
  const calls = own.filter(({ method }) => method !== 'info')
  const starts = calls
    .map(({ method, cpuMs }) => ({ method, ratio: (cpuMs?.median ?? 0) / bareNodeCpuMs }))
    .sort((a, b) => b.ratio - a.ratio)
  const dearest = starts.filter(({ ratio }) => ratio > (budgets['cpu-goal']?.atMost ?? 0))
  const details = dearest.map(({ method, ratio }) => `${method} ${ratio.toFixed(1)}`).join(', ')
  const most = starts[0]?.ratio ?? 0
  return [
    budgetRow('most-cpu', most, cloud, details),
    budgetRow('cpu-goal', most, cloud, details),
    budgetRow('rss', Math.max(...calls.map((one) => one.peakRssMiB?.median ?? 0)), cloud),
    ...(warm === undefined ? [] : requestRows(cloud, warm)),
    ...(warm === undefined || cloud !== 'reference' ? [] : timeRows(cloud, warm)),
    budgetRow('upload', upload.throughputRatio, `${cloud}, ${upload.sizeMiB} MiB`),
    budgetRow('upload-rss', upload.rssGrowthMiB, cloud),
  ]
}

function requestRows(cloud: string, warm: ContenderFigures): readonly BudgetRow[] {
  const { ours, go } = requestShare(warm)
  const above = warm.methods.filter(({ method, requests }) => requests.median > (peers[method]?.requests ?? Infinity))
  return [
    budgetRow('requests', ours / go, cloud, `${ours} of ${go}`),
    budgetRow('requests-above-go', above.length, cloud, namesOf(above)),
  ]
}

/** Against what was measured of the peers on another machine of this size: the figure moves with the machine's speed. */
function timeRows(cloud: string, { methods }: ContenderFigures): readonly BudgetRow[] {
  const share = (peer: 'rubySeconds' | 'goSeconds') => {
    const both = methods.filter(({ method }) => peers[method]?.[peer] !== undefined)
    return (
      sum(both.map(({ wallMs }) => wallMs.median / 1000)) / sum(both.map(({ method }) => peers[method]?.[peer] ?? 0))
    )
  }
  const longest = [...methods].sort((a, b) => b.wallMs.median - a.wallMs.median).slice(0, 4)
  const details = longest.map(({ method, wallMs }) => `${method} ${(wallMs.median / 1000).toFixed(2)} s`).join(', ')
  const slower = methods.filter(
    ({ method, wallMs }) => method !== 'info' && wallMs.median / 1000 > (peers[method]?.goSeconds ?? Infinity),
  )
  return [
    budgetRow('ruby-seconds', share('rubySeconds'), cloud, details),
    budgetRow('go-seconds', share('goSeconds'), cloud, details),
    budgetRow('slower-than-go', slower.length, cloud, namesOf(slower)),
  ]
}

const namesOf = (methods: readonly { readonly method: string }[]): string =>
  methods.map(({ method }) => method).join(' ')

/** The budget counts what both have, and of our logins the one that the first call makes. */
export function requestShare({ methods }: ContenderFigures): { readonly ours: number; readonly go: number } {
  const compared = methods.filter(({ method }) => method !== 'info' && peers[method] !== undefined)
  return {
    ours: sum(compared.map(({ requests }) => requests.median)) + 1,
    go: sum(compared.map(({ method }) => peers[method]?.requests ?? 0)),
  }
}
