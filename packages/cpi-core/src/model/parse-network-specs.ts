import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { NetworkDefault, NetworkSpec, NetworkSpecs } from './network-spec.ts'

/** What is wrong with one network's settings; the reader of arguments puts the sentence around it. */
export class NetworkSpecError extends Error {
  override readonly name = 'NetworkSpecError'
}

/**
 * The `networks` argument in the operator's order (contract §7). Null stands for absent everywhere.
 * Throws {@link NetworkSpecError} naming the network and the key.
 * @param names in the operator's order, where an object cannot tell it: its integer-like keys come first, sorted
 */
export const parseNetworkSpecs = (
  networks: JsonObject,
  names: readonly string[] = Object.keys(networks),
): NetworkSpecs => names.map((name) => parseNetwork(name, networks[name]))

const parseNetwork = (name: string, settings: Json | undefined): NetworkSpec => {
  if (!isJsonObject(settings)) throw new NetworkSpecError(`network '${name}' must be an object`)
  const raw = settings
  const text = (key: string): string | undefined => {
    const value = raw[key] ?? undefined
    if (value !== undefined && typeof value !== 'string') throw wrong(name, key, 'a string')
    return value === '' ? undefined : value
  }
  const type = text('type') ?? 'manual'
  const ip = text('ip')
  const base = {
    name,
    cloudProperties: objectOrEmpty(name, 'cloud_properties', raw['cloud_properties']),
    ...given('nicGroup', numberAsText(name, 'nic_group', raw['nic_group'])),
    ...given('prefix', numberAsText(name, 'prefix', raw['prefix'])),
    raw,
  }
  const provided = () => ({ dns: texts(name, 'dns', raw['dns']), default: defaults(name, raw['default']) })
  switch (type) {
    case 'manual':
      if (ip === undefined) throw wrong(name, 'ip', 'the address the director picked')
      return {
        ...base,
        type,
        ip,
        ...given('netmask', text('netmask')),
        ...given('gateway', text('gateway')),
        ...provided(),
      }
    case 'dynamic':
      return { ...base, type, ...provided() }
    case 'vip':
      return { ...base, type, ...given('ip', ip) }
    default:
      return { ...base, type: 'unknown', wireType: type }
  }
}

const knownDefaults: readonly NetworkDefault[] = ['dns', 'gateway', 'addressable']

/** Values of newer directors are ignored. */
const defaults = (name: string, value: Json | undefined): readonly NetworkDefault[] => {
  const given = texts(name, 'default', value)
  return knownDefaults.filter((known) => given.includes(known))
}

const texts = (name: string, key: string, value: Json | undefined): readonly string[] => {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw wrong(name, key, 'an array of strings')
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw wrong(name, key, 'an array of strings')
    return item
  })
}

/** A director sends strings made from integers; others may send the integer itself. */
const numberAsText = (name: string, key: string, value: Json | undefined): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value)) return String(value)
  throw wrong(name, key, 'a string')
}

const objectOrEmpty = (name: string, key: string, value: Json | undefined): JsonObject => {
  if (value === undefined || value === null) return {}
  if (!isJsonObject(value)) throw wrong(name, key, 'an object')
  return value
}

const wrong = (name: string, key: string, wanted: string): NetworkSpecError =>
  new NetworkSpecError(`${key} of network '${name}' must be ${wanted}`)

const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V }) // TypeScript widens computed keys to string
