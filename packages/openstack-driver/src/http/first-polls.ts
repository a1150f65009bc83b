/**
 * When waits poll first, in milliseconds after the request was answered: when the change is over on clouds without
 * hypervisor and disks, the fastest there are (docs/performance.md, "Waits"). The later polls follow one rule for all
 * (`pollTimesMs` of the core). A wait that is not listed begins after 250 ms.
 */
export const firstPollsMs = {
  /** States that are mostly reached already. */
  mayHoldAlready: 0,
  volumeCreated: 200,
  volumeCreatedFromImage: 500,
  volumeExtended: 150,
  volumeDeleted: 150,
  snapshotCreated: 150,
  snapshotDeleted: 150,
  volumeAttached: 250,
  volumeDetached: 200,
  serverCreated: 1_000,
  serverDeleted: 500,
  serverRebooted: 500,
} as const
