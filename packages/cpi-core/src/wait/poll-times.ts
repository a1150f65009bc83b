/** Longest stretch, in intervals, in which a wait also polls half-way between two regular polls. */
const eagerIntervals = 3

/**
 * When to poll, in milliseconds from the start: soon at first, later once per interval. Every multiple of the interval is
 * among them, so that no wait ends later than with a fixed interval; and up to each of these there are at most twice as
 * many polls as with a fixed interval that polls immediately and then at each multiple.
 * @param pollsImmediately also poll at 0
 * @param notBeforeMs leaves out polls before this moment, but none at a multiple of the interval
 */
export function* pollTimesMs(intervalMs: number, pollsImmediately: boolean, notBeforeMs = 0): Generator<number, never> {
  const early = [...(pollsImmediately ? [0] : []), 250, 1_000]
  yield* early.filter((atMs) => atMs < intervalMs / 2 && atMs >= notBeforeMs).slice(0, 2)
  for (let interval = 0; ; interval++) {
    const halfWayMs = (interval + 0.5) * intervalMs
    if (interval < eagerIntervals && halfWayMs >= notBeforeMs) yield halfWayMs
    yield (interval + 1) * intervalMs
  }
}
