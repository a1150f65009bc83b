import type { CloudFigures } from './bench-cloud.ts'
import { budgetRows } from './budgets.ts'
import type { CallCpu } from './call-cpu.ts'
import type { ContenderFigures } from './contenders.ts'
import { fakeRows } from './fake-figure.ts'
import type { Figures } from './figures.ts'
import { peerRequests } from './peer-figures.ts'
import type { PollingFigures } from './polling.ts'
import type { ScaleFigures } from './scale.ts'
import type { StartUp } from './start-up.ts'
import type { Spread } from './statistics.ts'
import { table } from './table.ts'

/** All figures as tables, compared with their budgets. */
export function report(figures: Figures): string {
  const { startUp, callCpu, fake, clouds, polling, scale } = figures
  return [
    startUpTable(startUp, callCpu),
    ...(fake.length > 0 ? [table(['the fake cloud itself', 'budget', 'median', 'spread', ''], fakeRows(fake))] : []),
    ...Object.entries(clouds).flatMap(([name, figures]) => [
      methodTable(name, figures.contenders),
      usageTable(name, figures.contenders),
      curlLines(name, figures),
    ]),
    pollingTable(polling),
    ...Object.entries(scale).map(([name, figures]) => scaleTable(name, figures)),
    budgetTable(figures),
    '',
  ].join('\n\n')
}

/** CPU time of bare Node 24 on the machine of the figures in docs/performance.md, ms. */
const quietMs = 25

const seconds = (ms: number): string => (ms / 1000).toFixed(2)
const spreadOf = ({ min, median, max }: Spread): string[] => [min, median, max].map((ms) => ms.toFixed(1))

function startUpTable(startUp: StartUp, { throughWrapper }: CallCpu): string {
  const rows = [
    ['node -e 0', ...spreadOf(startUp.bareNodeMs)],
    ['info', ...spreadOf(startUp.infoMs)],
    ['info through the shim', ...spreadOf(startUp.infoThroughShimMs)],
    ...(throughWrapper === undefined
      ? []
      : [
          ["info through the release's wrapper", ...spreadOf(throughWrapper.infoMs)],
          ['a shell that does nothing', ...spreadOf(throughWrapper.shellMs)],
        ]),
  ]
  return table(['process start, ms', 'min', 'median', 'max'], rows)
}

/** Methods in the order of the contender that has most of them. */
function methodsOf(contenders: readonly ContenderFigures[]): readonly string[] {
  const longest = contenders.toSorted((a, b) => b.methods.length - a.methods.length)[0]
  return longest?.methods.map(({ method }) => method) ?? []
}

function methodTable(cloud: string, contenders: readonly ContenderFigures[]): string {
  const header = [
    `${cloud} cloud`,
    ...contenders.flatMap(({ name }) => [`${name} s`, 'spread', 'requests']),
    'Go CPI requests',
  ]
  const rows = methodsOf(contenders).map((method) => [
    method,
    ...contenders.flatMap(({ methods }) => {
      const found = methods.find((one) => one.method === method)
      if (found === undefined) return ['-', '', '-']
      const { wallMs, requests } = found
      return [seconds(wallMs.median), `${seconds(wallMs.min)}-${seconds(wallMs.max)}`, String(requests.median)]
    }),
    String(peerRequests[method]?.go ?? '-'),
  ])
  const sums = contenders.flatMap(({ methods }) => [
    seconds(methods.reduce((sum, { wallMs }) => sum + wallMs.median, 0)),
    '',
    String(methods.reduce((sum, { requests }) => sum + requests.median, 0)),
  ])
  return table(header, [...rows, ['sum', ...sums, '']])
}

function usageTable(cloud: string, contenders: readonly ContenderFigures[]): string {
  const known = contenders.filter(({ methods }) => methods.some(({ cpuMs }) => cpuMs !== undefined))
  const header = [`${cloud} cloud`, ...known.flatMap(({ name }) => [`${name} CPU ms`, 'peak RSS MiB'])]
  const rows = methodsOf(known).map((method) => [
    method,
    ...known.flatMap(({ methods }) => {
      const found = methods.find((one) => one.method === method)
      return [found?.cpuMs?.median.toFixed(0) ?? '-', found?.peakRssMiB?.median.toFixed(0) ?? '-']
    }),
  ])
  return table(header, rows)
}

function curlLines(cloud: string, { curl, upload }: CloudFigures): string {
  const rows = [
    ['curl, login and GET', ...spreadOf(curl.curlMs), ''],
    ['has_vm, cold', ...spreadOf(curl.hasVmColdMs), curl.coldRatio.toFixed(2)],
    ['has_vm, warm', ...spreadOf(curl.hasVmWarmMs), curl.warmRatio.toFixed(2)],
  ]
  return `${table([`${cloud} cloud, ms`, 'min', 'median', 'max', 'to curl'], rows)}
${upload.sizeMiB} MiB stemcell: ${seconds(upload.oursMs.median)} s, zcat | curl -T -: ${seconds(upload.curlMs.median)} s: peak RSS ${upload.peakRssMiB.toFixed(0)} MiB`
}

function pollingTable(polling: readonly PollingFigures[]): string {
  const rows = polling.map((one) => [
    `${seconds(one.readyAfterMs[0])}-${seconds(one.readyAfterMs[1])} s`,
    (one.intervalMs / 1000).toFixed(0),
    one.ourWallRatio.toFixed(2),
    one.ourRequestRatio.toFixed(2),
    one.worstDelayMs.toFixed(0),
  ])
  return table(['waits, against a fixed interval', 'interval s', 'time', 'requests', 'worst delay ms'], rows)
}

function budgetTable(figures: Figures): string {
  const budgets = budgetRows(figures)
  const rows = budgets.map(({ what, budget, found, isMet }) => [what, budget, found, isMet ? 'met' : 'NOT MET'])
  const missed = budgets.filter(({ isMet }) => !isMet)
  const bareMs = figures.callCpu.bareNodeCpuMs.median.toFixed(0)
  return [
    table(['the executable against its budgets', 'budget', 'found', ''], rows),
    '',
    ...missed.map(
      ({ what, found, budget, because = '' }) =>
        `missed: ${what}: ${found}, budget ${budget}${because === '' ? '' : ` (${because})`}`,
    ),
    `Bare Node took ${bareMs} ms of CPU time in this run, ${quietMs} on an idle machine: seconds are the machine's too.`,
  ].join('\n')
}

function scaleTable(cloud: string, figures: readonly ScaleFigures[]): string {
  const rows = figures.map((one) => [
    String(one.processes),
    seconds(one.wallMs),
    String(one.failures),
    String(one.logins),
    String(one.requests),
    (one.requests / one.processes).toFixed(1),
    one.rssMiB.toFixed(0),
    one.pssMiB.toFixed(1),
    (one.cpuMs / one.processes).toFixed(0),
  ])
  return table(
    [
      `${cloud}: create_vm in parallel`,
      'wall s',
      'failures',
      'logins',
      'requests',
      'each',
      'RSS MiB',
      'PSS MiB each',
      'CPU ms each',
    ],
    rows,
  )
}
