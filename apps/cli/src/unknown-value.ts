export { isJsonObject } from '@openstack-cpi/cpi-core/node'

/** The text of whatever was thrown, for messages. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
