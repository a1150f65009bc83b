import { type CallOptions, callCpi } from '../cpi-call.ts'
import type { Ended } from '../outcomes.ts'
import type { Cell } from './cell.ts'
import { classifyError, classifySuccess, isBeyondTenant, repeat } from './classify.ts'
import { expectedErrors, isExpected } from './expected-errors.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/**
 * Runs one cell and classifies how it ended. Accepted are `success`, `clean error` and `reported`: the error names what no
 * tenant can remove now.
 */
export async function runCell(prepared: PreparedScenario, cell: Cell, options: CallOptions = {}): Promise<Ended> {
  const { cloud, request, scenario } = prepared
  prepared.reset()
  const { through = options.through, hasHit, end: repair } = cell.fault(prepared)
  const own = { ...options, ...(through === undefined ? {} : { through }) }
  const end = await callCpi(cloud, request, own)
  const isReached = hasHit()
  const requests = cloud.journal.toString()
  repair?.()
  const seen = prepared.settledState()
  const accepted = (outcome: 'success' | 'clean error' | 'reported'): Ended => ({ outcome, details: [] })
  const defect = (outcome: string, ...details: string[]): Ended => ({
    outcome,
    details: [...details, ...end.log, requests],
  })
  if (end.is === 'malformed') return defect('malformed', end.document)
  if (end.is === 'hang') return defect('hang', end.why)
  if (!isReached) return defect('not reached')
  const { error, result } = end.response
  if (error === null) {
    const wrong = classifySuccess(prepared, cell, seen)
    if (wrong !== undefined)
      return isBeyondTenant(prepared, cell, end.log.join()) ? accepted('reported') : defect(...wrong)
    if (cell.nature !== 'vanished' && prepared.comparable(result) !== prepared.result) {
      return defect('wrong result', `wanted ${prepared.result}`, `got    ${prepared.comparable(result)}`)
    }
    return accepted('success')
  }
  const allowed = expectedErrors(request, cell)
  if (!isExpected(error, allowed)) {
    return defect('wrong error', `wanted ${JSON.stringify(allowed)}`, `got    ${JSON.stringify(error)}`)
  }
  const wrong = classifyError(prepared, cell, seen)
  if (wrong !== undefined) {
    return isBeyondTenant(prepared, cell, error.message)
      ? accepted('reported')
      : defect(wrong[0], error.message, ...wrong.slice(1))
  }
  if (scenario.purpose !== 'change' && scenario.purpose !== 'delete') return accepted('clean error')
  const problem = await repeat(prepared, cell, seen, own)
  return problem === undefined ? accepted('clean error') : defect('not repeatable', error.message, ...problem)
}
