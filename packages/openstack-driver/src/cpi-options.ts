import type { CpiCall, JsonObject } from '@openstack-cpi/cpi-core'
import type { Clock, Random } from './clock.ts'
import type { SendHttp } from './http/exchange.ts'
import type { TokenCache } from './http/token.ts'
import type { PendingResults } from './pending-results.ts'

/** Everything the driver needs from the process it runs in. */
export interface OpenStackCpiOptions {
  /** `cloud.properties` of the configuration file: sections `openstack`, `agent`, and `registry`, which is ignored. */
  readonly cloudProperties: JsonObject
  readonly call: CpiCall
  /** PEM text of the CA file that belongs to the configuration file; absent or empty: the system's authorities. */
  readonly caBundle?: string
  readonly clock: Clock
  readonly random: Random
  /** Absolute path of a directory for temporary files. */
  readonly tmpDir: string
  /** For `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in both spellings. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Sent as `User-Agent`, for example `openstack-cpi/1.2.3`. */
  readonly userAgent: string
  readonly tokenCache?: TokenCache
  /** Absent: what a call that dies at its last request has finished cannot be told from what its director knows. */
  readonly pendingResults?: PendingResults
  /**
   * How requests get to the cloud; absent: over Node's HTTP client, with the configured authorities, proxies and time
   * limits. A simulated network goes here, whose failures and time are its own.
   */
  readonly send?: SendHttp
  /** Hears how far the upload of a stemcell is, in bytes of the root image, with every piece that is sent. */
  readonly onUpload?: (sentBytes: number, sizeBytes: number) => void
}
