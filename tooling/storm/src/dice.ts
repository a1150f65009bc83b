/** Chance that can be had again: the same seed throws the same numbers. */
export interface Dice {
  /** From 0 to below 1. */
  fraction(): number
  /** Dice of their own for one of several workers, whatever the others do meanwhile. */
  forWorker(n: number): Dice
}

/** Mulberry32: 32 bits of state, enough to spread kills over a storm. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return {
    fraction: () => {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
    forWorker: (n) => diceOf(seed ^ Math.imul(n + 1, 0x9e3779b1)),
  }
}
