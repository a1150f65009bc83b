import { type PendingResult, pendingResultKey } from '../../pending-results.ts'
import type { Classification, Leftover, Limits } from './classification.ts'

/** How the call that made a thing came to its end, in words; or why the thing is to be kept. */
export type Ending =
  | { readonly ended: string; readonly isUndecided?: true }
  | Extract<Classification, { readonly keep: string }>

/**
 * What is unfinished was left by its call. So was what is finished, if a record says that its call had not answered: unless
 * the record is so young that the call may be about to. Where the call died while it answered, nobody can tell.
 */
export function endingOf(thing: PendingResult, isUnfinished: boolean, limits: Limits): Ending {
  if (isUnfinished) return { ended: 'ended before it was finished' }
  const record = limits.pendingResults?.get(pendingResultKey(thing))
  if (record === undefined) return { keep: 'it is finished, or not of the CPI' }
  if (limits.nowMs - record.recordedAtMs < limits.olderThanMs) {
    return { keep: 'its call may be about to answer', isTooYoung: true }
  }
  return record.isAnswering
    ? { ended: 'ended in the instant in which it answered', isUndecided: true }
    : { ended: 'ended before it had answered' }
}

/** The classification on what is otherwise a leftover. */
export function classificationFor(leftover: Leftover, ending: Ending): Classification {
  return 'isUndecided' in ending ? { undecided: leftover } : { leftover }
}
