const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** A duration: milliseconds as a number, or text such as `250ms`, `30s`, `5m`, `1h`, `1m30s`. */
export type Duration = number | string

/** Reads a duration into milliseconds; anything else throws a `RangeError` that says what was expected. */
export const toMs = (duration: Duration): number => {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
  } else if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) {
    let total = 0
    for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
      total += Number(amount) * unitMs[unit as keyof typeof unitMs] // the pattern lets no other unit through
    }
    return total
  }
  throw new RangeError(
    `not a duration: ${JSON.stringify(duration)}; give milliseconds or text such as "250ms", "30s", "1m30s"`,
  )
}
