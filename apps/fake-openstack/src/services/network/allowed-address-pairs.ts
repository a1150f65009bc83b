import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr, pythonStr } from '../../kernel/python-repr.ts'
import { parseAddress, parseBlock } from './addresses.ts'
import type { Body } from './attribute.ts'
import { malformed, neutronError } from './neutron-errors.ts'
import { mac, toMac } from './readers.ts'
import type { PortRecord } from './records.ts'

/** Neutron's `max_allowed_address_pair`. */
const mostPairs = 10

interface AddressPair {
  ip_address: string
  mac_address?: string
}

/** Checks pairs of address (or block) and MAC; Neutron refuses most mistakes in words of their own. */
export const addressPairs = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) throw malformed('Allowed address pairs must be a list.')
  if (value.length > mostPairs) {
    throw neutronError(
      400,
      'AllowedAddressPairExhausted',
      `The number of allowed address pair exceeds the maximum ${mostPairs}.`,
    )
  }
  const seen = new Set<string>()
  for (const pair of value as readonly unknown[]) {
    if (!isObject(pair)) return `'${pythonStr(pair)}' is not a dictionary`
    if (!('ip_address' in pair)) {
      throw neutronError(400, 'AllowedAddressPairsMissingIP', 'AllowedAddressPair must contain ip_address')
    }
    const hardware = toMac(pair['mac_address'])
    const reason = 'mac_address' in pair ? mac(hardware) : undefined
    if (reason !== undefined) throw malformed(reason)
    const key = `${pythonStr(hardware)} ${pythonStr(pair['ip_address'])}`
    if (seen.has(key)) {
      throw neutronError(
        400,
        'DuplicateAddressPairInRequest',
        `Request contains duplicate address pair: mac_address ${pythonStr(hardware)} ip_address ${pythonStr(pair['ip_address'])}.`,
      )
    }
    seen.add(key)
    const unknown = Object.keys(pair).filter((name) => name !== 'ip_address' && name !== 'mac_address')
    if (unknown.length > 0) throw malformed(`Unrecognized attribute(s) '${unknown.join(', ')}'`)
    checkAddress(pair['ip_address'])
  }
  return undefined
}

const checkAddress = (value: unknown): void => {
  const text = typeof value === 'string' ? value : pythonRepr(value)
  if (text.includes('/') ? parseBlock(text) : parseAddress(text)) return
  throw malformed(text.includes('/') ? `'${text}' is not a valid IP subnet` : `'${text}' is not a valid IP address`)
}

/** The pairs of a body with the port's own MAC where none is given; undefined when the body has none. */
export const resolvedPairs = (body: Body, portMac: string): PortRecord['allowed_address_pairs'] | undefined =>
  body.get<AddressPair[]>('allowed_address_pairs')?.map(({ ip_address, mac_address }) => ({
    mac_address: mac_address === undefined ? portMac : String(toMac(mac_address)),
    ip_address,
  }))
