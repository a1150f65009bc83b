/**
 * Runs several steps in parallel and waits for all of them, also when one fails: a rollback must not begin while a
 * sibling may still create something. Throws the error of the first step, in order, that failed.
 */
export async function inParallel<const Steps extends readonly (() => Promise<unknown>)[]>(
  steps: Steps,
): Promise<{ -readonly [K in keyof Steps]: Awaited<ReturnType<Steps[K]>> }> {
  const outcomes = await Promise.allSettled(steps.map((step) => step()))
  const results = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
  return results as { -readonly [K in keyof Steps]: Awaited<ReturnType<Steps[K]>> } // map keeps order and length
}

/** The same for a list of like things. */
export async function forEachInParallel<T, R>(items: readonly T[], step: (item: T, index: number) => Promise<R>) {
  return (await inParallel(items.map((item, index) => () => step(item, index)))) as R[] // as above
}
