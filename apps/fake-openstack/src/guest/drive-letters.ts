/** The nth name of a disk, from 0 on, as Linux and Nova count: a, b, … z, aa, ab, … */
export const driveLetters = (n: number): string =>
  (n >= 26 ? driveLetters(Math.floor(n / 26) - 1) : '') + String.fromCharCode(97 + (n % 26))

/** The first name that is not taken. */
export const firstFreeLetters = (taken: ReadonlySet<string>): string => {
  for (let n = 0; ; n += 1) {
    const letters = driveLetters(n)
    if (!taken.has(letters)) return letters
  }
}

/** The letters of a disk's path: `b` of `/dev/vdb`. */
export const lettersOf = (device: string): string => device.replace(/^(\/dev\/)?(xv|[hsv])d/, '')

/** Negative when the first of two names comes before the second: `z` comes before `aa`. */
export const compareLetters = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1)
