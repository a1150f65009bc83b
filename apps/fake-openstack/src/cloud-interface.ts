import type { ClockState } from './kernel/clock.ts'
import type { CloudContext } from './kernel/cloud-context.ts'
import type { Upload } from './kernel/exchange.ts'
import type { Outcome } from './kernel/fault-effects.ts'
import type { Faults } from './kernel/faults.ts'
import type { Journal, JournalEntry } from './kernel/journal.ts'
import type { StoreContent } from './kernel/store.ts'
import type { Seed } from './seed/schema.ts'

/** The state as readable JSON. */
export interface Snapshot {
  version: 1
  clock: ClockState
  ids: number
  content: StoreContent
}

/** Gaps of the fake: each answers 501. */
export interface Unmodelled {
  /** Requests since the start or the last reset that only the real service could have answered, from the journal. */
  requests: JournalEntry[]
  /** Routes and actions by service, such as `POST /backups` or `POST /servers/:id/action evacuate`. */
  routes: Record<string, string[]>
}

/** One cloud as the transports and the control API use it. */
export interface Cloud {
  context: CloudContext
  seed: Seed
  journal: Journal
  faults: Faults
  /** Answers a request of the API or of the control API. */
  exchange(request: Request, upload?: Upload): Promise<Outcome>
  /** Back to the seed: state, virtual clock, ids, journal and faults. */
  reset(): void
  /** Resources that the seed does not have, by kind. */
  leftovers(): StoreContent
  snapshot(): Snapshot
  /** What the real services have and the fake has not, and which requests asked for it. */
  unmodelled(): Unmodelled
  /** Replaces the state; throws when the snapshot has kinds that no service knows. */
  restore(snapshot: Snapshot): void
}
