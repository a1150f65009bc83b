import type { JsonObject } from '../model/json.ts'

/**
 * The cloud's configuration for one call (contract §3.1): the file's section, in which each top-level key that the
 * context names is replaced as a whole. Null counts as absent, so a context can also take a setting away.
 */
export const mergeConfig = (fileSection: JsonObject, overrides: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...fileSection, ...overrides }).filter(([, value]) => value !== null))
