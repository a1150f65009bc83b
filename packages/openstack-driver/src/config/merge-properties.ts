import { type Json, type JsonObject, mergeConfig } from '@openstack-cpi/cpi-core'

/** Sets of keys that say the same thing in another way: a call that brings one whole set takes the file's others away. */
const alternatives: readonly (readonly (readonly string[])[])[] = [
  [
    ['username', 'api_key'],
    ['application_credential_id', 'application_credential_secret'],
  ],
  [['project'], ['project_id']],
  [['domain'], ['user_domain_name', 'project_domain_name']],
]

/**
 * File and call as one section (contract §3.1): the call replaces top-level keys as a whole. Null and empty strings count
 * as absent, in the call too, where they take the file's value away. A call with one complete way to log in drops the
 * file's other ways (driver spec §1.2).
 */
export function mergeProperties(
  section: JsonObject,
  overrides: JsonObject,
): { readonly properties: JsonObject; readonly warnings: readonly string[] } {
  const brings = (key: string): boolean => isPresent(overrides[key])
  const dropped = alternatives.flatMap((ways) =>
    ways.filter((way) => ways.some((other) => other !== way && other.every(brings)) && !way.some(brings)).flat(),
  )
  const kept = Object.fromEntries(Object.entries(section).filter(([key]) => !dropped.includes(key)))
  const merged = Object.entries(present(mergeConfig(kept, overrides)))
  return {
    properties: Object.fromEntries(merged.map(([key, value]) => [key, isHash(value) ? present(value) : value])),
    warnings: dropped
      .filter((key) => isPresent(section[key]))
      .map((key) => `'${key}' of the configuration file is not used: the CPI config brings another way`),
  }
}

const present = (hash: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(hash).filter(([, value]) => isPresent(value)))

const isPresent = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== ''

const isHash = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
