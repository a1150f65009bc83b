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
