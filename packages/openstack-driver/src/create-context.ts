import {
  addConfigSecrets,
  type CpiCall,
  isJsonObject,
  type Json,
  type JsonObject,
  neverAborted,
} from '@openstack-cpi/cpi-core'
import { parseOpenStackConfig } from './config/openstack-config.ts'
import type { OpenStackCpiOptions } from './cpi-options.ts'
import type { DriverContext } from './driver-context.ts'
import { createSession } from './http/session.ts'
import { createServices } from './services/services.ts'

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
  const contextFor = (boundCall: CpiCall): DriverContext => {
    const { signal } = boundCall
    return {
      config,
      agent: toObject(cloudProperties['agent']),
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

const toObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
