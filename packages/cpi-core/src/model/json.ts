/** Any JSON value, as it arrives from a caller. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object whose keys are not known in advance. */
export type JsonObject = { readonly [key: string]: Json }
