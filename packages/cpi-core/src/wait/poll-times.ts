/** Longest stretch, in intervals, in which a wait also polls half-way between two regular polls. */
const eagerIntervals = 3

/** The first poll of a wait of which nothing is known, in milliseconds. */
const usualFirstPollMs = 250

/**
 * When to poll, in milliseconds from the start: soon at first, later once per interval. Every multiple of the interval is
 * among them, so that no wait ends later than with a fixed interval; and up to each of these there are at most twice as
 * many polls as with a fixed interval that polls immediately and then at each multiple.
 * @param firstPollMs leaves out polls before this moment, but none at a multiple of the interval; 0: poll immediately
 */
export function* pollTimesMs(intervalMs: number, firstPollMs = usualFirstPollMs): Generator<number, never> {
  const secondMs = firstPollMs === 0 ? usualFirstPollMs : intervalMs > 2_000 ? 1_000 : 2 * firstPollMs
  const early = secondMs > firstPollMs ? [firstPollMs, secondMs] : [firstPollMs]
  yield* early.filter((atMs) => atMs < intervalMs / 2)
  for (let interval = 0; ; interval++) {
    const halfWayMs = (interval + 0.5) * intervalMs
    if (interval < eagerIntervals && halfWayMs >= firstPollMs) yield halfWayMs
    yield (interval + 1) * intervalMs
  }
}
