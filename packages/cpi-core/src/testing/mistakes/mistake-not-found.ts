import type { ContractCase } from '../contract-case.ts'
import type { Mistake } from './mistake.ts'

/**
 * Says that no case fails for a CPI with this mistake, which case should, and what of the harness keeps it from
 * failing.
 */
export const mistakeNotFound = ({ foundBy, probes = [], failing }: Mistake, cases: readonly ContractCase[]): Error => {
  const expected = cases.find(({ title }) => title.includes(foundBy))?.title
  const used = [
    ...probes.map((probe) => `the probe '${probe}'`),
    ...(failing === undefined ? [] : [`failNext('${failing}')`]),
  ]
  return new Error(
    [
      'No case of the contract suite fails for a CPI with this mistake',
      ...(expected === undefined ? [] : [`"${expected}" should`]),
      ...(used.length === 0 ? [] : [`Check in the harness: ${used.join(', ')}`]),
    ].join('. '),
  )
}
