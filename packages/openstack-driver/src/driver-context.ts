import type { CpiCall, JsonObject, Logger } from '@openstack-cpi/cpi-core'
import type { Clock, Random } from './clock.ts'
import type { OpenStackConfig } from './config/openstack-config.ts'
import type { WaitBudget } from './http/retry-budget.ts'
import type { Pace } from './http/waiter.ts'
import type { PendingResults } from './pending-results.ts'
import type { Services } from './services/services.ts'

/** A call, for a driver that does nothing after the answer: what it makes in the cloud cannot be tied to it. */
export type DriverCall = Omit<CpiCall, 'afterAnswer'>

/** What every CPI method gets. One per call. */
export interface DriverContext {
  /** Checked and complete; file and call merged. */
  readonly config: OpenStackConfig
  /** `cloud.properties.agent` as it is in the file: mbus, ntp, blobstore. Secret. The call cannot override it. */
  readonly agent: JsonObject
  readonly call: DriverCall
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  /** Aborted on SIGTERM; not in the context that an undo gets. */
  readonly signal: AbortSignal
  /**
   * Typed modules for OpenStack's services. Building them costs nothing: login and discovery happen at the first
   * request.
   */
  readonly services: Services
  /** For waits: `state_timeout` and `wait_resource_poll_interval` with this context's clock, log and signal. */
  readonly pace: Pace
  /** For every wait that a service asks for (`Retry-After`): the call's requests share `rate_limit_timeout`. */
  readonly waitBudget: WaitBudget
  /** Absolute path of a directory for temporary files. */
  readonly tmpDir: string
  readonly pendingResults?: PendingResults
  /** Hears how far the upload of a stemcell is, in bytes of the root image. */
  readonly onUpload?: (sentBytes: number, sizeBytes: number) => void
  /** The same context with a signal that is not aborted with the call: for removing what was made. */
  forCleanup(): DriverContext
}
