export type { CpiContractHarness } from './contract-scenario.ts'
export { describeCpiContract } from './contract-suite.ts'
export { CpiAnswerError, type CpiClient, createCpiClient } from './cpi-client.ts'
export { InMemoryCpi } from './in-memory-cpi.ts'
