export type {
  Capability,
  ContractOptions,
  ContractProbes,
  CpiContractHarness,
} from './contract-harness.ts'
export { describeCpiContract } from './contract-suite.ts'
export { CpiAnswerError, type CpiClient, type CpiClientOptions, createCpiClient, createTestCall } from './cpi-client.ts'
export { createExecutableClient, type ExecutableClientOptions } from './executable-client.ts'
export type { CpiExecutableHarness, ExecutableOptions, SuiteRequest } from './executable-harness.ts'
export { describeCpiExecutable } from './executable-suite.ts'
export { type FailingCall, InMemoryCloud, type InMemoryDisk, type InMemoryVm } from './in-memory-cloud.ts'
export { InMemoryCpi } from './in-memory-cpi.ts'
export { describeCpiMistakes } from './mistakes/mistakes-suite.ts'
export { type Answer, answerOf, type Run, type RunOptions, runExecutable } from './run-executable.ts'
