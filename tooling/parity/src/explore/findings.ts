import type { Difference } from '../compare.ts'
import type { Recorded } from '../probe.ts'
import type { Generated } from './generate.ts'

/** How grave a difference is, the gravest first. */
const kinds = [
  'accepted by the fake, refused by the real service',
  'refused by the fake, accepted by the real service',
  'fails in the fake',
  'not modelled',
  'other status',
  'other headers',
  'other body',
] as const

/** One difference as it is reported and kept. */
export interface Finding {
  readonly kind: (typeof kinds)[number]
  /** Findings of one cause have the same text. */
  readonly cause: string
  readonly route: string
  readonly request: string
  readonly differences: readonly Difference[]
}

/** What both clouds answered to a request, and the difference, if there is one. */
export interface Outcome {
  readonly real: Recorded
  readonly finding?: Finding
}

/** A line of a report file. */
export interface Entry extends Outcome {
  readonly number: number
}

/** What is reported of two answers that differ. */
export function findingOf(
  { request, route, what }: Generated,
  real: Recorded,
  fake: Recorded,
  differences: readonly Difference[],
): Finding {
  const kind = kindOf(real, fake, differences)
  const places = [...new Set(differences.map(({ at }) => at.replace(/\[\d+\]/g, '[]')))].slice(0, 4).join(', ')
  // The mistake without its exact value.
  const mistakes = what.map((one) => one.replace(/^(\?[^=]*)=.*$/, '$1')).join(', ')
  const where = real.status === fake.status ? places : `${real.status} there, ${fake.status} here`
  let cause = `${route}: ${where} [${mistakes}]`
  if (kind === 'not modelled') cause = route
  if (kind === 'other headers') cause = `${places} at ${real.status}`
  const { service: _, method, path, ...rest } = request
  return {
    kind,
    cause: `${kind}: ${cause}`,
    route,
    // Long runs of one letter are counted, not shown.
    request: `${method} ${path} ${JSON.stringify(rest)}`.replace(/x{50,}/g, (run) => `x…(${run.length})`).slice(0, 800),
    differences: differences.slice(0, 6),
  }
}

function kindOf(real: Recorded, fake: Recorded, differences: readonly Difference[]): Finding['kind'] {
  const isAccepted = { real: real.status < 400, fake: fake.status < 400 }
  if (fake.status === 501 && real.status !== 501) return 'not modelled'
  if (fake.status >= 500 && real.status < 500) return 'fails in the fake'
  if (isAccepted.fake && !isAccepted.real) return 'accepted by the fake, refused by the real service'
  if (!isAccepted.fake && isAccepted.real) return 'refused by the fake, accepted by the real service'
  if (fake.status !== real.status) return 'other status'
  return differences.every(({ at }) => at.startsWith('header')) ? 'other headers' : 'other body'
}

/** The findings of requests by kind and cause, the most frequent first, each cause with its shortest example. */
export function report(entries: readonly Entry[]): string {
  const findings = entries.flatMap(({ number, finding }) => (finding ? [{ ...finding, number }] : []))
  const lines: string[] = []
  for (const kind of kinds) {
    const own = findings.filter((one) => one.kind === kind)
    if (own.length === 0) continue
    const causes = [...Map.groupBy(own, (one) => one.cause)].sort(([, a], [, b]) => b.length - a.length)
    lines.push('', `${kind}: ${own.length} requests, ${causes.length} causes`)
    for (const [cause, group] of causes) {
      const example = group.reduce((best, one) => (one.request.length < best.request.length ? one : best))
      lines.push(`  ${group.length} × ${cause}`, `      no. ${example.number}: ${example.request}`)
      for (const { at, real, fake } of example.differences.slice(0, 3)) {
        lines.push(`      ${at}: real ${brief(real)}, fake ${brief(fake)}`)
      }
    }
  }
  return lines.join('\n')
}

const brief = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 240)
