/**
 * The BOSH CPI contract. Sections such as "contract §6.4" are those of `dist/cpi-contract.md` in this package.
 *
 * @packageDocumentation
 */
export { readAgentConfig } from './agent/agent-config.ts'
export { type AgentSettingsInput, createAgentSettings } from './agent/agent-settings.ts'
export { completeNetworks, type LearnedNetworks } from './agent/complete-networks.ts'
export { addPersistentDisk, persistentDisks, removePersistentDisk } from './agent/persistent-disks.ts'
export { problemsOfAgentSettings, readAgentSettings } from './agent/read-agent-settings.ts'
export type { AfterAnswer, ApiVersion, CpiCall } from './contract/call.ts'
export type * from './contract/cpi.ts'
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatch/dispatcher.ts'
export { mergeConfig } from './dispatch/merge-config.ts'
export {
  CpiError,
  type CpiErrorCode,
  type CpiErrorOptions,
  isCpiError,
  type RetriableErrorCode,
} from './errors/cpi-error.ts'
export { messageOf } from './errors/error-chain.ts'
export * from './errors/failures.ts'
export type { WireError } from './errors/to-wire.ts'
export type { Clock } from './log/clock.ts'
export { addConfigSecrets } from './log/config-secrets.ts'
export { createLogger, type DebugMessage, type Logger, type LoggerOptions, type LogLevel } from './log/logger.ts'
export { isSecretName, redactJson } from './log/redact-structure.ts'
export { createSecrets, type Secrets } from './log/secrets.ts'
export * from './model/cid.ts'
export { type DiskHint, type DiskHintKeys, devicePath, type IscsiSettings } from './model/disk-hint.ts'
export { isJsonArray, isJsonObject, type Json, type JsonObject } from './model/json.ts'
export type * from './model/network-spec.ts'
export { parseJsonText } from './model/parse-json-text.ts'
export { nearestName } from './properties/nearest-name.ts'
export {
  type CheckedProperties,
  checkProperties,
  type PropertyRules,
  readProperties,
  type UnknownProperty,
  warnOfUnknownProperties,
} from './properties/read-properties.ts'
export type { SchemaIssue, SchemaResult, StandardSchema } from './properties/standard-schema.ts'
export { neverAborted } from './rollback/never-aborted.ts'
export { type Rollback, type RollbackOptions, type Undo, withRollback } from './rollback/with-rollback.ts'
export { pollTimesMs } from './wait/poll-times.ts'
export { systemWaitClock, type WaitClock } from './wait/wait-clock.ts'
export {
  type Classification,
  done,
  failed,
  type Pace,
  type Wait,
  WaitError,
  type WaitErrorKind,
  waitFor,
  waiting,
} from './wait/wait-for.ts'
export { type Condition, waitUntil } from './wait/wait-until.ts'
