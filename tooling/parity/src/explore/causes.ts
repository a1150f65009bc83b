import type { Difference } from '../compare.ts'
import type { Recorded } from '../probe.ts'
import type { Generated } from './generate.ts'

/** How grave a difference is, the gravest first. */
export const kinds = [
  'accepted by the fake, refused by the real service',
  'refused by the fake, accepted by the real service',
  'fails in the fake',
  'not modelled',
  'other status',
  'other headers',
  'other body',
] as const
export type Kind = (typeof kinds)[number]

/** One difference as it is reported and kept. */
export interface Finding {
  readonly number: number
  readonly kind: Kind
  /** Findings of one cause have the same text. */
  readonly cause: string
  readonly route: string
  readonly what: readonly string[]
  readonly request: string
  readonly body?: string
  readonly differences: readonly Difference[]
}

const isOk = (status: number): boolean => status < 400

export function kindOf(real: Recorded, fake: Recorded, differences: readonly Difference[]): Kind {
  if (fake.status === 501 && real.status !== 501) return 'not modelled'
  if (fake.status >= 500 && real.status < 500) return 'fails in the fake'
  if (isOk(fake.status) && !isOk(real.status)) return 'accepted by the fake, refused by the real service'
  if (!isOk(fake.status) && isOk(real.status)) return 'refused by the fake, accepted by the real service'
  if (fake.status !== real.status) return 'other status'
  return differences.every(({ at }) => at.startsWith('header')) ? 'other headers' : 'other body'
}

/** The text that groups findings: kind, route, statuses or places, and the mistake without its exact value. */
export function causeOf(
  kind: Kind,
  generated: Generated,
  real: Recorded,
  fake: Recorded,
  differences: readonly Difference[],
): string {
  const places = [...new Set(differences.map(({ at }) => at.replace(/\[\d+\]/g, '[]')))].slice(0, 4)
  if (kind === 'not modelled') return `${kind}: ${generated.route}`
  if (kind === 'other headers') return `${kind}: ${places.join(', ')} at ${real.status}`
  const mistakes = generated.what.map((one) => one.replace(/^(\?[^=]*)=.*$/, '$1')).join(', ')
  const where = real.status === fake.status ? places.join(', ') : `${real.status} there, ${fake.status} here`
  return `${kind}: ${generated.route}: ${where} [${mistakes}]`
}
