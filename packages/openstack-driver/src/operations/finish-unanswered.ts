import type { DriverContext } from '../driver-context.ts'
import type { Unanswered } from '../unanswered.ts'

/**
 * Finishes what a call made, by requests after which nothing in the cloud says that it is unfinished. A record says so
 * until they are answered; after that no request comes before the call's own answer. A failure leaves the record: its
 * director will not be told of the thing, and the record of what was removed says nothing.
 */
export async function finishUnanswered<R>(
  { unanswered }: DriverContext,
  thing: Unanswered,
  finish: () => Promise<R>,
): Promise<R> {
  const aboutToAnswer = await unanswered?.add(thing)
  const result = await finish()
  await aboutToAnswer?.()
  return result
}
