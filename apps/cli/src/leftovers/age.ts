const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const isUnit = (text: string): text is keyof typeof unitsMs => text in unitsMs

/** Reads an age such as `90s`, `30m`, `2h`, `7d`. Throws a `TypeError` for anything else, a bare number included. */
export function parseAge(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text.trim()) ?? []
  if (!isUnit(unit)) throw new TypeError(`an age is a number with s, m, h or d, for example 30m; not '${text}'`)
  return Number(number) * unitsMs[unit]
}

/** An age for people: `45s`, `12m`, `3h`, `12d`; rounded down. */
export function ageText(ms: number): string {
  if (ms < unitsMs.m) return `${Math.floor(ms / unitsMs.s)}s`
  if (ms < 2 * unitsMs.h) return `${Math.floor(ms / unitsMs.m)}m`
  if (ms < 2 * unitsMs.d) return `${Math.floor(ms / unitsMs.h)}h`
  return `${Math.floor(ms / unitsMs.d)}d`
}
