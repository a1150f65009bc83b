import type { ContenderFigures } from './contenders.ts'
import type { CloudFigures, Figures } from './figures.ts'
import { peers, requestBudget } from './peers.ts'
import { sum } from './statistics.ts'

/** One line of the budgets: what is measured, what is allowed, what was found, and whether that is within. */
export interface BudgetRow {
  readonly what: string
  readonly budget: string
  readonly found: string
  readonly isMet: boolean
  /** Where most of it comes from, for a budget that is missed. */
  readonly because?: string
}

/** In starts of bare Node: what is aimed at, and what no call may exceed. */
const cpuGoal = 3.5
const cpuLimit = 4.5
const largestRssMiB = 75
const largestPssMiB = 20
const timeShares = { rubySeconds: 0.27, goSeconds: 0.09 } as const

/** The budgets of the executable, on each cloud that was measured. Those of the fake have a table of their own. */
export function budgetRows({ process, clouds, scale }: Figures): readonly BudgetRow[] {
  const { throughWrapper, infoRatio, callCpuRatio, bareNodeCpuMs } = process
  const wrapperMs = throughWrapper && throughWrapper.infoMs.median - throughWrapper.shellMs.median
  return [
    ...(wrapperMs === undefined
      ? []
      : [atMost("info through the release's wrapper, ms more than a shell", wrapperMs, 12)]),
    atMost('info by the program / bare node', infoRatio, 1.3),
    atMost('CPU of has_disk over TLS / bare node', callCpuRatio, cpuGoal),
    ...(throughWrapper ? [atMost("the same through the release's wrapper", throughWrapper.callCpuRatio, cpuGoal)] : []),
    ...Object.entries(clouds).flatMap(([name, figures]) => cloudRows(name, figures, bareNodeCpuMs.median)),
    ...Object.entries(scale).flatMap(([name, figures]) =>
      figures.flatMap(({ processes, failures, logins, pssMiB }) => [
        {
          what: `${name}: ${processes} create_vm in parallel`,
          budget: 'no failure, 1 login',
          found: `${failures}, ${logins}`,
          isMet: failures === 0 && logins === 1,
        },
        ...(processes === 32
          ? [atMost(`${name}: PSS of each of ${processes} create_vm, MiB`, pssMiB, largestPssMiB)]
          : []),
      ]),
    ),
  ]
}

function cloudRows(cloud: string, { contenders, upload }: CloudFigures, bareNodeCpuMs: number): readonly BudgetRow[] {
  const warm = contenders.find(({ name }) => name === 'warm')
  const cold = contenders.find(({ name }) => name === 'cold')
  const own = [warm, cold].flatMap((one) => one?.methods ?? []).filter(({ method }) => method !== 'info')
  const named = (what: string) => `${cloud}: ${what}`
  const starts = own
    .map(({ method, cpuMs }) => ({ method, ratio: (cpuMs?.median ?? 0) / bareNodeCpuMs }))
    .sort((a, b) => b.ratio - a.ratio)
  const dearest = starts.filter(({ ratio }) => ratio > cpuGoal)
  const because = dearest.map(({ method, ratio }) => `${method} ${ratio.toFixed(1)}`).join(', ')
  const most = starts[0]?.ratio ?? 0
  return [
    // In starts of bare Node, measured in the same run: so it tells nothing of the machine.
    { ...atMost(named('most CPU of a call / bare node'), most, cpuLimit), because },
    { ...atMost(named('the same, as it is aimed at'), most, cpuGoal), because },
    atMost(named('most RSS of a call, MiB'), Math.max(...own.map((one) => one.peakRssMiB?.median ?? 0)), largestRssMiB),
    ...(warm === undefined ? [] : requestRows(named, warm)),
    ...(warm === undefined || cloud !== 'reference' ? [] : timeRows(named, warm)),
    {
      what: named(`${upload.sizeMiB} MiB upload / zcat | curl`),
      budget: '≥ 0.9',
      found: upload.throughputRatio.toFixed(2),
      isMet: upload.throughputRatio >= 0.9,
    },
    atMost(named('RSS growth by the upload, MiB'), upload.rssGrowthMiB, 50),
  ]
}

function requestRows(named: (what: string) => string, warm: ContenderFigures): readonly BudgetRow[] {
  const { ours, go } = requestShare(warm)
  const above = warm.methods.filter(({ method, requests }) => requests.median > (peers[method]?.requests ?? Infinity))
  return [
    atMost(named(`requests of a life cycle, ${ours} / ${go} of the Go CPI`), ours / go, requestBudget),
    none(named('more requests than the Go CPI in'), above),
  ]
}

/** Against what was measured of the peers on another machine of this size: the figure moves with the machine's speed. */
function timeRows(named: (what: string) => string, { methods }: ContenderFigures): readonly BudgetRow[] {
  const share = (peer: keyof typeof timeShares) => {
    const both = methods.filter(({ method }) => peers[method]?.[peer] !== undefined)
    return (
      sum(both.map(({ wallMs }) => wallMs.median / 1000)) / sum(both.map(({ method }) => peers[method]?.[peer] ?? 0))
    )
  }
  const longest = [...methods].sort((a, b) => b.wallMs.median - a.wallMs.median).slice(0, 4)
  const because = longest.map(({ method, wallMs }) => `${method} ${(wallMs.median / 1000).toFixed(2)} s`).join(', ')
  const slower = methods.filter(
    ({ method, wallMs }) => method !== 'info' && wallMs.median / 1000 > (peers[method]?.goSeconds ?? Infinity),
  )
  return [
    { ...atMost(named('seconds of all methods / Ruby CPI'), share('rubySeconds'), timeShares.rubySeconds), because },
    { ...atMost(named('seconds of all methods / Go CPI'), share('goSeconds'), timeShares.goSeconds), because },
    none(named('slower than the Go CPI in'), slower),
  ]
}

/** The budget counts what both have, and of our logins the one that the first call makes. */
export function requestShare({ methods }: ContenderFigures): { readonly ours: number; readonly go: number } {
  const compared = methods.filter(({ method }) => method !== 'info' && peers[method] !== undefined)
  return {
    ours: sum(compared.map(({ requests }) => requests.median)) + 1,
    go: sum(compared.map(({ method }) => peers[method]?.requests ?? 0)),
  }
}

const atMost = (what: string, found: number, most: number): BudgetRow => ({
  what,
  budget: `≤ ${most}`,
  found: found.toFixed(most < 10 ? 2 : 0),
  isMet: found <= most,
})

const none = (what: string, found: readonly { readonly method: string }[]): BudgetRow => ({
  what,
  budget: '-',
  found: found.map(({ method }) => method).join(' ') || '-',
  isMet: found.length === 0,
})
