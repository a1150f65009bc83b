import type { ClockState } from './kernel/clock.ts'
import type { CloudContext } from './kernel/cloud-context.ts'
import type { Upload } from './kernel/exchange.ts'
import type { Outcome } from './kernel/fault-effects.ts'
import type { Faults } from './kernel/faults.ts'
import type { Journal } from './kernel/journal.ts'
import type { StoreContent } from './kernel/store.ts'
import type { Seed } from './seed/schema.ts'

/** The state as readable JSON. */
export interface Snapshot {
  version: 1
  clock: ClockState
  ids: number
  content: StoreContent
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
  /** Replaces the state; throws when the snapshot has kinds that no service knows. */
  restore(snapshot: Snapshot): void
}
