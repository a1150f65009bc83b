import { addConfigSecrets, type JsonObject, neverAborted } from '@openstack-cpi/cpi-core'
import type { Clock, Random } from './clock.ts'
import { parseOpenStackConfig } from './config/openstack-config.ts'
import type { DriverCall, DriverContext } from './driver-context.ts'
import type { SendHttp } from './http/exchange.ts'
import { createSession } from './http/session.ts'
import type { TokenCache } from './http/token.ts'
import { jsonObjectOf } from './json-object.ts'
import type { PendingResults } from './pending-results.ts'
import { createServices } from './services/services.ts'

/** Everything the driver needs from the process it runs in. */
export interface OpenStackCpiOptions {
  /** `cloud.properties` of the configuration file: sections `openstack`, `agent`, and `registry`, which is ignored. */
  readonly cloudProperties: JsonObject
  readonly call: DriverCall
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
  /** Absent: the result of a call that dies at its last request looks like what its director uses. */
  readonly pendingResults?: PendingResults
  /**
   * How requests get to the cloud; absent: by `send-http.ts`, with the configured authorities, proxies and time
   * limits. A simulated network goes here, whose failures and time are its own.
   */
  readonly send?: SendHttp
  /** Hears how far the upload of a stemcell is, in bytes of the root image, with every piece that is sent. */
  readonly onUpload?: (sentBytes: number, sizeBytes: number) => void
}

/**
 * The context of one call, and of its rollback, which shares its session. Makes no request. Throws `CpiError` when the
 * configuration is wrong.
 */
export function createDriverContext(options: OpenStackCpiOptions): DriverContext {
  const { call, clock, random, tmpDir, cloudProperties } = options
  const { log, secrets } = call
  const section = cloudProperties['openstack']
  addConfigSecrets([section, call.configOverrides, cloudProperties['agent']], secrets)
  const { config, warnings } = parseOpenStackConfig(section, call.configOverrides)
  for (const warning of warnings) log.warn(warning)
  const session = createSession({
    config,
    caBundle: options.caBundle,
    environment: options.environment,
    userAgent: options.userAgent,
    clock,
    random,
    log,
    secrets,
    tokenCache: options.tokenCache,
    send: options.send,
  })
  const contextFor = (boundCall: DriverCall): DriverContext => {
    const { signal } = boundCall
    return {
      config,
      agent: jsonObjectOf(cloudProperties['agent']),
      call: boundCall,
      log,
      clock,
      random,
      signal,
      services: createServices(session.clients(signal)),
      waitBudget: session.waitBudget,
      pace: { clock, log, signal, timeoutMs: config.stateTimeoutMs, pollIntervalMs: config.pollIntervalMs },
      tmpDir,
      ...(options.pendingResults === undefined ? {} : { pendingResults: options.pendingResults }),
      ...(options.onUpload === undefined ? {} : { onUpload: options.onUpload }),
      forCleanup: () => contextFor({ ...boundCall, signal: neverAborted() }),
    }
  }
  return contextFor(call)
}
