/** Random numbers that can be repeated: the same seed gives the same numbers. */
export interface SeededRandom {
  /** From 0 to below 1. */
  fraction(): number
}

/** Mulberry32: 32 bits of state. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  return {
    fraction: () => {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}
