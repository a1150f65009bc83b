export type { ApiVersion, CpiCall } from './contract/call.ts'
export type * from './contract/cpi.ts'
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatch/dispatcher.ts'
export { type EncodedFailure, encodeFailure } from './dispatch/failure.ts'
export { mergeConfig } from './dispatch/merge-config.ts'
export { CpiError, type CpiErrorCode, type CpiErrorOptions, cpiErrorTable } from './errors/cpi-error.ts'
export { toWireError, type WireError } from './errors/to-wire.ts'
export type { Clock } from './log/clock.ts'
export { addConfigSecrets, addContextSecrets } from './log/config-secrets.ts'
export {
  createLogger,
  type DebugMessage,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  type LogSink,
  logLevels,
} from './log/logger.ts'
export { redactHeaders, redactJson } from './log/redact-structure.ts'
export { addStrings, createSecrets, redacted, type Secrets } from './log/secrets.ts'
export * from './model/cid.ts'
export type { DiskHint } from './model/disk-hint.ts'
export type { Json, JsonObject } from './model/json.ts'
export type * from './model/network-spec.ts'
export { parseJsonText } from './model/parse-json-text.ts'
export { NetworkSpecError, parseNetworkSpecs } from './model/parse-network-specs.ts'
