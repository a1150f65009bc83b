import { isJsonObject } from '@openstack-cpi/cpi-core'
/** A microversion such as `2.67`, which is not a decimal number: 2.9 is older than 2.67. */
export interface Microversion {
  readonly major: number
  readonly minor: number
}

/** Undefined for anything but `<number>.<number>`. */
function parseMicroversion(text: string): Microversion | undefined {
  const match = /^(\d+)\.(\d+)$/.exec(text.trim())
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) }
}

/** Negative when `a` is older than `b`. */
const compareMicroversions = (a: Microversion, b: Microversion): number =>
  a.major === b.major ? a.minor - b.minor : a.major - b.major

/** What a service says it understands. */
export interface MicroversionRange {
  readonly lowest: Microversion
  readonly highest: Microversion
}

/**
 * Reads the version document of a service: Nova's `{"version":{…}}` or Cinder's `{"versions":[{…}]}`; the current entry
 * counts. Undefined when the service has no microversions.
 */
export function readMicroversionRange(document: unknown): MicroversionRange | undefined {
  for (const entry of versionEntries(document)) {
    const highest = parseMicroversion(String(entry['version'] ?? ''))
    const lowest = parseMicroversion(String(entry['min_version'] ?? ''))
    if (highest !== undefined && lowest !== undefined) return { lowest, highest }
  }
  return undefined
}

function versionEntries(document: unknown): Readonly<Record<string, unknown>>[] {
  if (!isJsonObject(document)) return []
  const { version, versions } = document
  if (isJsonObject(version)) return [version]
  return Array.isArray(versions) ? versions.filter(isJsonObject) : []
}

/** Is `wanted` within what the service understands and, if given, not above `cap`? */
export function isSupported(wanted: string, range: MicroversionRange | undefined, cap: string | undefined): boolean {
  const version = parseMicroversion(wanted)
  if (version === undefined || range === undefined) return false
  const limit = cap === undefined ? undefined : parseMicroversion(cap)
  if (limit !== undefined && compareMicroversions(version, limit) > 0) return false
  return compareMicroversions(version, range.lowest) >= 0 && compareMicroversions(version, range.highest) <= 0
}

/** The headers that ask for a microversion in the service's dialect (driver spec §3.2). */
export function microversionHeaders(service: string, microversion: string): Record<string, string> {
  if (service === 'compute') {
    return { 'openstack-api-version': `compute ${microversion}`, 'x-openstack-nova-api-version': microversion }
  }
  const name = service === 'block-storage' ? 'volume' : service
  return { 'openstack-api-version': `${name} ${microversion}` }
}
