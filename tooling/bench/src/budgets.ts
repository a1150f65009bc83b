import type { CloudFigures } from './bench-cloud.ts'
import type { ContenderFigures } from './contenders.ts'
import type { Figures } from './figures.ts'
import { peerRequests, peerSeconds, requestBudget } from './peer-figures.ts'

/** One line of the budgets: what is measured, what is allowed, what was found, and whether that is within. */
export interface BudgetRow {
  readonly what: string
  readonly budget: string
  readonly found: string
  readonly isMet: boolean
}

const largestCpuMs = 110
const largestRssMiB = 90
const timeShares = { ruby: 0.35, go: 0.12 } as const

/** The budgets of the executable, on each cloud that was measured. Those of the fake have a table of their own. */
export function budgetRows({ startUp, clouds, scale }: Figures): readonly BudgetRow[] {
  return [
    atMost('info / bare node', startUp.ratio, 1.6),
    ...Object.entries(clouds).flatMap(([name, figures]) => cloudRows(name, figures, startUp.bareNodeMs.median)),
    ...Object.entries(scale).flatMap(([name, figures]) =>
      figures.map(({ processes, failures, logins }) => ({
        what: `${name}: ${processes} create_vm in parallel`,
        budget: 'no failure, 1 login',
        found: `${failures}, ${logins}`,
        isMet: failures === 0 && logins === 1,
      })),
    ),
  ]
}

function cloudRows(cloud: string, { contenders, upload }: CloudFigures, bareNodeMs: number): readonly BudgetRow[] {
  const warm = contenders.find(({ name }) => name === 'warm')
  const cold = contenders.find(({ name }) => name === 'cold')
  const own = [warm, cold].flatMap((one) => one?.methods ?? []).filter(({ method }) => method !== 'info')
  const named = (what: string) => `${cloud}: ${what}`
  const cpuMs = Math.max(...own.map((one) => one.cpuMs?.median ?? 0))
  return [
    atMost(named('most CPU of a call, ms'), cpuMs, largestCpuMs),
    // Says whether it is the machine that is slow: the start of bare Node was measured in the same run.
    {
      what: named('the same in starts of bare node'),
      budget: '-',
      found: (cpuMs / bareNodeMs).toFixed(1),
      isMet: true,
    },
    atMost(named('most RSS of a call, MiB'), Math.max(...own.map((one) => one.peakRssMiB?.median ?? 0)), largestRssMiB),
    ...(warm === undefined ? [] : requestRows(named, warm)),
    ...(warm === undefined || cloud !== 'reference' ? [] : timeRows(named, warm)),
    {
      what: named(`${upload.sizeMiB} MiB upload / zcat | curl`),
      budget: '≥ 0.8',
      found: upload.throughputRatio.toFixed(2),
      isMet: upload.throughputRatio >= 0.8,
    },
    atMost(named('RSS growth by the upload, MiB'), upload.rssGrowthMiB, 50),
  ]
}

function requestRows(named: (what: string) => string, warm: ContenderFigures): readonly BudgetRow[] {
  const { ours, go } = requestShare(warm)
  const above = warm.methods
    .filter(({ method, requests }) => requests.median > (peerRequests[method]?.go ?? Number.POSITIVE_INFINITY))
    .map(({ method }) => method)
  return [
    atMost(named(`requests of a life cycle, ${ours} / ${go} of the Go CPI`), ours / go, requestBudget),
    {
      what: named('more requests than the Go CPI in'),
      budget: '-',
      found: above.join(' ') || '-',
      isMet: above.length === 0,
    },
  ]
}

/** Against what was measured of the peers on another machine of this size: the figure moves with the machine's speed. */
function timeRows(named: (what: string) => string, { methods }: ContenderFigures): readonly BudgetRow[] {
  const share = (peer: 'ruby' | 'go') => {
    const both = methods.flatMap(({ method, wallMs }) => {
      const theirs = peerSeconds[method]?.[peer]
      return theirs === undefined ? [] : [{ ours: wallMs.median / 1000, theirs }]
    })
    return sum(both.map(({ ours }) => ours)) / sum(both.map(({ theirs }) => theirs))
  }
  const slower = methods
    .filter(({ method, wallMs }) => method !== 'info' && wallMs.median / 1000 > (peerSeconds[method]?.go ?? Infinity))
    .map(({ method }) => method)
  return [
    atMost(named('seconds of all methods / Ruby CPI'), share('ruby'), timeShares.ruby),
    atMost(named('seconds of all methods / Go CPI'), share('go'), timeShares.go),
    {
      what: named('slower than the Go CPI in'),
      budget: '-',
      found: slower.join(' ') || '-',
      isMet: slower.length === 0,
    },
  ]
}

/** The budget counts what both have, and of our logins the one that the first call makes. */
export function requestShare(ours: ContenderFigures): { readonly ours: number; readonly go: number } {
  const compared = ours.methods.filter(({ method }) => method !== 'info' && peerRequests[method] !== undefined)
  return {
    ours: sum(compared.map(({ requests }) => requests.median)) + 1,
    go: sum(compared.map(({ method }) => peerRequests[method]?.go ?? 0)),
  }
}

const atMost = (what: string, found: number, most: number): BudgetRow => ({
  what,
  budget: `≤ ${most}`,
  found: found.toFixed(most < 10 ? 2 : 0),
  isMet: found <= most,
})

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
