export { type CpiContractHarness, describeCpiContract } from './contract-suite.ts'
export { CpiAnswerError, type CpiClient, createCpiClient } from './cpi-client.ts'
export { InMemoryCpi } from './in-memory-cpi.ts'
