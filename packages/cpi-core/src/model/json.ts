/** Any JSON value, as it arrives from a caller. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object whose keys are not known in advance. */
export type JsonObject = { readonly [key: string]: Json }

/** True for a JSON object: neither null nor an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** True for a JSON array: unlike `Array.isArray`, it keeps its items `Json`. */
export const isJsonArray = (value: unknown): value is readonly Json[] => Array.isArray(value)

/** True for a JSON array of strings. */
export const isStringArray = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
