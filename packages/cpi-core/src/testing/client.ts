export { CpiAnswerError, type CpiClient, type CpiClientOptions, createCpiClient, createTestCall } from './cpi-client.ts'
