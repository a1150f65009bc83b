import { type Unanswered, unansweredKey } from '../../unanswered.ts'
import type { Limits, Verdict } from './verdict.ts'

/** How the call that made a thing came to its end, in words; or why the thing is to be kept. */
export type Ending = { readonly ended: string } | Extract<Verdict, { readonly keep: string }>

/**
 * What is unfinished was left by its call. So was what is finished, if a record says that its call had not answered: unless
 * the record is so young that the call may be about to.
 */
export function endingOf(thing: Unanswered, isUnfinished: boolean, limits: Limits): Ending {
  if (isUnfinished) return { ended: 'ended before it was finished' }
  const recordedAtMs = limits.unanswered?.get(unansweredKey(thing))
  if (recordedAtMs === undefined) return { keep: 'it is finished, or not of the CPI' }
  if (limits.nowMs - recordedAtMs < limits.olderThanMs)
    return { keep: 'its call may be about to answer', isTooYoung: true }
  return { ended: 'ended before it had answered' }
}
