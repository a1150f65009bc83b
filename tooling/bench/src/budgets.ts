import type { ContenderFigures } from './contenders.ts'
import { budgets, peers } from './data.ts'
import type { ScaleFigures } from './scale.ts'
import { type Figure, figure, sum } from './statistics.ts'

/** Everything that one run of the benchmarks measures. */
export interface Figures {
  readonly figures: readonly Figure[]
  /** Of the fake cloud itself; empty where it was not measured. */
  readonly fake: readonly Figure[]
  /** Each contender on each cloud. */
  readonly clouds: Readonly<Record<string, readonly ContenderFigures[]>>
  /** Many processes in parallel on each cloud. */
  readonly scale: Readonly<Record<string, readonly ScaleFigures[]>>
}

/** What is measured, what is allowed, what was found, from and to, and why it is missed; empty when it is within. */
export function budgetRow({ id, of, measured, details = '' }: Figure): readonly string[] {
  const row = budgets[id]
  if (row === undefined) throw new Error(`budgets.yaml has no ${id}`)
  const { what, unit, atMost, atLeast, because } = row
  const limit = atMost === undefined ? (atLeast === undefined ? '' : `≥ ${atLeast}`) : `≤ ${atMost}`
  const { min, median, max } = measured
  const isMet = median <= (atMost ?? Infinity) && median >= (atLeast ?? -Infinity)
  const why = [details, because].filter((text) => text !== '').join('. ')
  return [
    of === undefined ? what : `${of}: ${what}`,
    limit === '' ? '' : `${limit} ${unit}`.trim(),
    `${rounded(median)} ${unit}`.trim(),
    `${rounded(min)}-${rounded(max)}`,
    isMet ? '' : `missed: ${why}`,
  ]
}

const rounded = (value: number): string =>
  value.toFixed(value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2)

/** Everything that has a budget, but what is measured of the fake itself. */
export function budgetedFigures({ figures, clouds, scale }: Figures): readonly Figure[] {
  return [
    ...figures,
    ...Object.entries(clouds).flatMap(([name, contenders]) => ofCloud(name, contenders)),
    ...Object.entries(scale).flatMap(([cloud, rows]) =>
      rows.flatMap(({ processes, failures, logins, pssMiB }) => [
        figure('failures', [failures], `${cloud}, ${processes} processes`),
        figure('logins', [logins], `${cloud}, ${processes} processes`),
        ...(processes === 32 ? [figure('pss', [pssMiB], cloud)] : []),
      ]),
    ),
  ]
}

function ofCloud(cloud: string, contenders: readonly ContenderFigures[]): readonly Figure[] {
  const warm = contenders.find(({ name }) => name === 'warm')
  const own = contenders.filter(({ name }) => name === 'warm' || name === 'cold').flatMap(({ methods }) => methods)
  const calls = own.filter(({ method }) => method !== 'info')
  const starts = calls
    .map(({ method, cpuStarts }) => ({ method, ratio: cpuStarts?.median ?? 0 }))
    .sort((a, b) => b.ratio - a.ratio)
  const dearest = starts.filter(({ ratio }) => ratio > (budgets['cpu-goal']?.atMost ?? 0))
  const details = dearest.map(({ method, ratio }) => `${method} ${ratio.toFixed(1)}`).join(', ')
  const most = starts[0]?.ratio ?? 0
  return [
    figure('most-cpu', [most], cloud, details),
    figure('cpu-goal', [most], cloud, details),
    figure('rss', [Math.max(...calls.map((one) => one.peakRssMiB?.median ?? 0))], cloud),
    ...(warm === undefined ? [] : requestFigures(cloud, warm)),
    ...(warm === undefined || cloud !== 'reference' ? [] : timeFigures(cloud, warm)),
  ]
}

function requestFigures(cloud: string, warm: ContenderFigures): readonly Figure[] {
  const { ours, go } = requestShare(warm)
  const above = warm.methods.filter(
    ({ method, requests }) => requests.median > (peers[method]?.go.requests ?? Infinity),
  )
  return [
    figure('requests', [ours / go], cloud, `${ours} of ${go}`),
    figure('requests-above-go', [above.length], cloud, namesOf(above)),
  ]
}

/** Against what was measured of the peers on another machine of this size: the figure moves with the machine's speed. */
function timeFigures(cloud: string, { methods }: ContenderFigures): readonly Figure[] {
  const share = (peer: 'ruby' | 'go') => {
    const both = methods.filter(({ method }) => peers[method]?.[peer] !== undefined)
    const ours = sum(both.map(({ wallMs }) => wallMs.median / 1000))
    return [ours / sum(both.map(({ method }) => peers[method]?.[peer]?.seconds ?? 0))]
  }
  const longest = [...methods].sort((a, b) => b.wallMs.median - a.wallMs.median).slice(0, 4)
  const details = longest.map(({ method, wallMs }) => `${method} ${(wallMs.median / 1000).toFixed(2)} s`).join(', ')
  const slower = methods.filter(
    ({ method, wallMs }) => method !== 'info' && wallMs.median / 1000 > (peers[method]?.go.seconds ?? Infinity),
  )
  return [
    figure('ruby-seconds', share('ruby'), cloud, details),
    figure('go-seconds', share('go'), cloud, details),
    figure('slower-than-go', [slower.length], cloud, namesOf(slower)),
  ]
}

const namesOf = (methods: readonly { readonly method: string }[]): string =>
  methods.map(({ method }) => method).join(' ')

/** The budget counts what both have, and of our logins the one that the first call makes. */
export function requestShare({ methods }: ContenderFigures) {
  const compared = methods.filter(({ method }) => method !== 'info' && peers[method] !== undefined)
  return {
    compared,
    ours: sum(compared.map(({ requests }) => requests.median)) + 1,
    go: sum(compared.map(({ method }) => peers[method]?.go.requests ?? 0)),
  }
}
