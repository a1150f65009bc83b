import { readFileSync } from 'node:fs'

/** What was measured of the two other OpenStack CPIs on the reference cloud, with a poll interval of 1 s. */
export interface Peers {
  /**
   * Requests of the Go CPI, as counted behind a proxy; each call logs in, and its logins are among them.
   */
  readonly requests: number
  /** Medians on a machine with 2 cores, where bare Node 24 took 25 ms to start. The stemcell has 1 MiB. */
  readonly goSeconds: number
  readonly rubySeconds?: number
}

/** By method; `has_disk` neither has. The snapshot's two methods took the Go CPI the same time. */
export const peers: Readonly<Record<string, Peers>> = JSON.parse(
  readFileSync(new URL('./peers.json', import.meta.url), 'utf8'),
)

/** Budget: the life cycle makes at most this share of the Go CPI's requests. */
export const requestBudget = 0.55
