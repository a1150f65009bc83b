/** Time as the core reads it; passed in, so that tests decide what time it is. */
export interface Clock {
  /** Wall clock. */
  now(): Date
  /** Milliseconds with fractions from an arbitrary origin; never goes backwards. */
  monotonicMs(): number
}
