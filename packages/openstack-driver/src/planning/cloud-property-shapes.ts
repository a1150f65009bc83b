import { checkProperties, isJsonObject, type JsonObject, type StandardSchema } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { isAddressOrCidr } from './address.ts'

/** An extra address a port may answer for, or a CIDR of them (driver spec §5.1, §6.4). */
export interface AddressPair {
  readonly ipAddress: string
  readonly macAddress?: string
}

const wholeNumberText = /^\d+(\.0+)?$/

/** `13`, `"13"` or `"13.0"`, as one of the peers writes it (driver spec §7.9). */
export const wholeNumber = (minimum: number, maximum: number, message: string) =>
  z.pipe(
    z.transform((value: unknown) => (typeof value === 'string' && wholeNumberText.test(value) ? Number(value) : value)),
    z.number(message).check(z.int(message), z.gte(minimum, message), z.lte(maximum, message)),
  )

export const text = z.string('must be a string').check(z.minLength(1, 'must not be empty'))
export const flag = z.boolean('must be true or false')
export const texts = z.array(text, 'must be an array of strings')
export const hash = z.custom<JsonObject>(isJsonObject, 'must be a hash')

const pairText = z.string('must be a string').check(z.refine(isAddressOrCidr, 'is not an IP address or CIDR'))
const pair = z.union([pairText, z.object({ ip_address: pairText, mac_address: z.optional(text) })], {
  error: 'must be an IP address, a CIDR, or a hash with ip_address',
})

/** One address as text, or several as an array of texts or of `{ip_address, mac_address}`. */
export const addressPairs = z.pipe(
  z.union([pairText, z.array(pair)], {
    error: 'must be an IP address or CIDR, or an array of them or of {ip_address, mac_address}',
  }),
  z.transform((value): readonly AddressPair[] => (typeof value === 'string' ? [value] : value).map(toAddressPair)),
)

function toAddressPair(value: z.infer<typeof pair>): AddressPair {
  if (typeof value === 'string') return { ipAddress: value }
  return {
    ipAddress: value.ip_address,
    ...(value.mac_address === undefined ? {} : { macAddress: value.mac_address }),
  }
}

/**
 * Reads cloud properties by their schema, or lists what is wrong with them, each with its place: `root_disk.size must
 * be …`. Null counts as absent (contract §3).
 */
export function read<Output>(
  schema: StandardSchema<Output>,
  properties: JsonObject,
  prefix = '',
): { readonly value: Output } | { readonly problems: readonly string[] } {
  const { value, problems } = checkProperties(schema, properties)
  if (value !== undefined) return { value }
  return { problems: problems.map((problem) => prefix + problem) }
}
