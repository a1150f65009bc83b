import type { Logger } from '../log/logger.ts'
import type { Secrets } from '../log/secrets.ts'
import type { JsonObject } from '../model/json.ts'

/** CPI API versions (contract §5). */
export type ApiVersion = 1 | 2 | 3

/** All a driver learns of one request besides the method's own arguments. */
export interface CpiCall {
  /** Wire name, for example `create_vm`. */
  readonly method: string
  readonly apiVersion: ApiVersion
  readonly directorUuid: string
  /** The director's `cpi-123456`; the bosh CLI sends none. */
  readonly requestId?: string
  /** Known only in create_vm, delete_vm, attach_disk and detach_disk; decide nothing by it elsewhere (contract §3). */
  readonly stemcellApiVersion?: number
  /**
   * `context` without its reserved keys: overrides the cloud's file configuration per top-level key (contract §3.1).
   * Holds secrets.
   */
  readonly configOverrides: JsonObject
  /** Aborted on SIGTERM: waits end and the driver rolls back. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** Strings that no log line, message or answer may show. */
  readonly secrets: Secrets
  /**
   * Registers a step for the time after the answer: it runs once the answer is written and flushed, and before the process
   * ends. A caller that reads stdout to its end makes its next call after it. It is meant for the record that says that an
   * object exists: what a call created without that record was left by a call that was killed before it had answered.
   *
   * The steps run one after the other, in the order of registration, and only if the method has succeeded, its result
   * is usable and the answer could be written. Otherwise none runs: the driver, or the dispatcher by the driver's
   * delete method, removes what was created, so that method must find an object that has no record yet. SIGTERM does
   * not stop them, so a step must not depend on `signal`. When a step throws, this is logged, the steps after it do not
   * run, and the exit code is 1: the bosh CLI takes this for a failure, a director ignores it.
   */
  readonly afterAnswer: (step: AfterAnswer) => void
}

/** What a call does once its caller has the answer. */
export type AfterAnswer = () => Promise<void> | void
