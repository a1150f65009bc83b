import type { Json } from '@openstack-cpi/cpi-core'

/** What the documentation says of one property. */
export interface PropertyDoc {
  readonly type: string
  /** As text; "–" for none. */
  readonly default: string
  readonly meaning: string
  readonly example: Json
  /** Which of the two earlier OpenStack CPIs obeys it. */
  readonly knownTo: 'both' | 'Ruby CPI' | 'new'
}

const of =
  (knownTo: PropertyDoc['knownTo']) =>
  (type: string, fallback: string, meaning: string, example: Json): PropertyDoc => ({
    type,
    default: fallback,
    meaning,
    example,
    knownTo,
  })

export const both = of('both')
export const ruby = of('Ruby CPI')
export const fresh = of('new')
