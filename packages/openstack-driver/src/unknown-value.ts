import type { JsonObject } from '@openstack-cpi/cpi-core'

/** Whether a value is an object of JSON: no array, no null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value if it is an object of JSON, else an empty one. */
export const jsonObjectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

/** The text of whatever was thrown, for messages. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
