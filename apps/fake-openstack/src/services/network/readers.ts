import { isObject } from '../../kernel/json-schema.ts'
import { pythonStr } from '../../kernel/python-repr.ts'
import { canonicalAddress, formatAddress, parseAddress, parseBlock } from './addresses.ts'
import { inconsistentInput } from './neutron-errors.ts'

// Conversions and checks of attribute values, named and worded as in neutron-lib's converters and validators:
// https://github.com/openstack/neutron-lib/blob/stable/zed/neutron_lib/api/validators/__init__.py

const yes = ['1', 't', 'true', 'on', 'y', 'yes']
const no = ['0', 'f', 'false', 'off', 'n', 'no']

export const toBoolean = (value: unknown): boolean => {
  const text = String(value).trim().toLowerCase()
  if (value === true || (value !== null && yes.includes(text))) return true
  if (value === false || (value !== null && no.includes(text))) return false
  throw inconsistentInput(`'${pythonStr(value)}' cannot be converted to boolean`)
}

export const toInteger = (value: unknown): number => {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return Number(value)
  throw inconsistentInput(`'${pythonStr(value)}' is not an integer`)
}

/** Null, and a text without a character to walk over, are empty lists. */
export const toList = (value: unknown): unknown => (value === null || value === '' ? [] : value)

/** Addresses in their usual form, all else as it is. */
export const toCanonicalAddress = (value: unknown): unknown =>
  typeof value === 'string' ? (canonicalAddress(value) ?? value) : value

/** A block with its host bits, and a prefix length if it had none. */
export const toCanonicalCidr = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  // Python's library reads a number as the first part of an address.
  if (/^\d{1,3}$/.test(value) && Number(value) < 256) return `${Number(value)}.0.0.0/32`
  const block = parseBlock(value)
  const [host = ''] = value.split('/')
  const address = parseAddress(host)
  if (!block || !address) throw inconsistentInput(`${value} is not in a CIDR format`)
  return `${formatAddress(address.value, address.version)}/${block.prefix}`
}

export const toMac = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const parts = value.split(/[:-]/)
  if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/i.test(part))) return value
  return parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':')
}

type Check = (value: unknown) => string | undefined

export const string =
  (max: number): Check =>
  (value) => {
    if (typeof value !== 'string') return `'${pythonStr(value)}' is not a valid string`
    return value.length > max ? `'${value}' exceeds maximum length of ${max}` : undefined
  }

export const notEmptyString: Check = (value) => {
  if (typeof value !== 'string') return `'${pythonStr(value)}' is not a valid string`
  return value.trim() === '' ? `'${value}' Blank strings are not permitted` : undefined
}

const uuidForm = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

export const uuid: Check = (value) =>
  typeof value === 'string' && uuidForm.test(value) ? undefined : `'${pythonStr(value)}' is not a valid UUID`

export const address: Check = (value) =>
  typeof value === 'string' && parseAddress(value) ? undefined : `'${pythonStr(value)}' is not a valid IP address`

export const mac: Check = (value) => {
  const isMac = typeof value === 'string' && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(value)
  return isMac && value !== '00:00:00:00:00:00' ? undefined : `'${pythonStr(value)}' is not a valid MAC address`
}

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value)

export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `${pythonStr(value)} is not in valid_values`

export const nonNegative: Check = (value) => {
  if (typeof value !== 'number') return `'${pythonStr(value)}' is not an integer`
  return value < 0 ? `'${value}' should be non-negative` : undefined
}

export const dictOrNull: Check = (value) =>
  value === null || isObject(value) ? undefined : `'${pythonStr(value)}' is not a dictionary`

export const uuidList: Check = (value) => {
  if (!Array.isArray(value)) return `'${pythonStr(value)}' is not a list`
  const repeated = value.filter((one, i) => value.indexOf(one) !== i)
  if (repeated.length > 0) return `Duplicate items in the list: '${repeated.join(', ')}'`
  return firstReason(value, uuid)
}

export const fixedIps: Check = (value) => {
  if (!Array.isArray(value)) return `Invalid data format for fixed IP: '${pythonStr(value)}'`
  const seen = new Set<unknown>()
  for (const fixed of value as readonly unknown[]) {
    if (!isObject(fixed)) return `Invalid data format for fixed IP: '${pythonStr(fixed)}'`
    if ('ip_address' in fixed) {
      if (seen.has(fixed['ip_address'])) return `Duplicate IP address '${pythonStr(fixed['ip_address'])}'`
      const reason = address(fixed['ip_address'])
      if (reason !== undefined) return reason
      seen.add(fixed['ip_address'])
    }
    const reason = 'subnet_id' in fixed ? uuid(fixed['subnet_id']) : undefined
    if (reason !== undefined) return reason
  }
  return undefined
}

export const ipPools: Check = (value) => {
  if (!Array.isArray(value)) return `Invalid data format for IP pool: '${pythonStr(value)}'`
  for (const pool of value as readonly unknown[]) {
    const reason = keysOf(pool, ['start', 'end']) ?? firstReason(Object.values(Object(pool)), address)
    if (reason !== undefined) return reason
  }
  return undefined
}

export const nameservers: Check = (value) => {
  if (typeof value !== 'string' && !Array.isArray(value)) {
    return `Invalid data format for nameserver: '${pythonStr(value)}'`
  }
  const seen = new Set<unknown>()
  for (const server of value as Iterable<unknown>) {
    const reason = address(server)
    if (reason !== undefined) return `'${pythonStr(server)}' is not a valid nameserver. ${reason}`
    if (seen.has(server)) return `Duplicate nameserver '${pythonStr(server)}'`
    seen.add(server)
  }
  return undefined
}

export const cidr: Check = (value) => {
  if (typeof value !== 'string' || !parseBlock(value)) return `'${pythonStr(value)}' is not a valid IP subnet`
  return undefined
}

export const hostRoutes: Check = (value) => {
  if (!Array.isArray(value)) return `Invalid data format for hostroute: '${pythonStr(value)}'`
  const seen = new Set<string>()
  for (const route of value as readonly unknown[]) {
    const wrongKeys = keysOf(route, ['nexthop', 'destination'])
    if (wrongKeys !== undefined || !isObject(route)) return wrongKeys
    const { destination, nexthop } = route
    if (typeof destination !== 'string' || !parseBlock(destination))
      return `'${pythonStr(destination)}' is not a valid CIDR`
    const reason = address(nexthop)
    if (reason !== undefined) return reason
    const key = `${destination} ${pythonStr(nexthop)}`
    if (seen.has(key)) return `Duplicate hostroute '${pythonStr(route)}'`
    seen.add(key)
  }
  return undefined
}

const firstReason = (values: readonly unknown[], check: Check): string | undefined => {
  for (const value of values) {
    const reason = check(value)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** Refuses a dictionary with other keys than these. */
const keysOf = (value: unknown, keys: readonly string[]): string | undefined => {
  const quoted = keys.map((key) => `'${key}'`).join(', ')
  if (!isObject(value)) return `Invalid input. '${pythonStr(value)}' must be a dictionary with keys: [${quoted}]`
  const provided = Object.keys(value)
  if (provided.length === keys.length && keys.every((key) => key in value)) return undefined
  const shown = provided.length === 0 ? 'set()' : `{${provided.map((key) => `'${key}'`).join(', ')}}`
  return `Validation of dictionary's keys failed. Expected keys: {${quoted}} Provided keys: ${shown}`
}
