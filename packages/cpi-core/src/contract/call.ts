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
  /** `context` without its reserved keys: overrides the cloud's file configuration per top-level key (contract §3.1). Holds secrets. */
  readonly configOverrides: JsonObject
  /** Aborted on SIGTERM: waits end and the driver rolls back. */
  readonly signal: AbortSignal
  readonly log: Logger
  /** Strings that no log line, message or answer may show. */
  readonly secrets: Secrets
}
