import type { FakeOpenStackOptions } from './cloud.ts'

/** Every option; leaving one out does not compile. */
const optionNames: Readonly<Record<keyof FakeOpenStackOptions, true>> = {
  release: true,
  seed: true,
  clock: true,
  startAt: true,
  autoAdvance: true,
  latency: true,
  durations: true,
  pageSize: true,
  tokenLifetime: true,
  keepUploads: true,
  origin: true,
  distinctInterfaces: true,
  deviceNames: true,
  configDriveType: true,
  keystoneV2: true,
  loadBalancing: true,
  journalCapacity: true,
  idSeed: true,
}

/**
 * Throws a `TypeError` for options that do not exist: a misspelt one would be ignored, and the test would prove
 * nothing.
 */
export const refuseUnknownOptions = (options: FakeOpenStackOptions): void => {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(optionNames, name))
  if (unknown.length === 0) return
  throw new TypeError(
    `unknown option ${unknown.join(', ')} of createFakeOpenStack; known: ${Object.keys(optionNames).join(', ')}`,
  )
}
