/**
 * How to create an object with a unique name so that a lost answer leads neither to a twin nor to an orphan
 * (driver spec §3.5; design invariants 1 and 2).
 */
export interface CreateOnce<T> {
  /** For the log, for example `server vm-1234`. */
  readonly what: string
  /** Sends the POST with `repeat: 'lookup'`. */
  readonly create: () => Promise<T>
  /** All objects that bear the unique name. */
  readonly find: () => Promise<readonly T[]>
  /** Removes an object that `find` found: a twin, or the rest of a creation that failed for good. */
  readonly discard: (found: T) => Promise<void>
}
