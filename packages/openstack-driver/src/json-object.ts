import { isJsonObject, type JsonObject } from '@openstack-cpi/cpi-core'

/** The value if it is an object of JSON, else an empty one. */
export const jsonObjectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
