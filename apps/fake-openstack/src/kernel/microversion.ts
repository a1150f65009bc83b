import { ApiError } from './api-error.ts'

/** A microversion such as 2.93. */
export class Microversion {
  readonly major: number
  readonly minor: number

  constructor(major: number, minor: number) {
    this.major = major
    this.minor = minor
  }

  /** Reads `2.93`; answers undefined for anything else. */
  static parse(text: string): Microversion | undefined {
    const match = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(text)
    return match ? new Microversion(Number(match[1]), Number(match[2])) : undefined
  }

  /** `call.microversion.atLeast('2.47')` */
  atLeast(other: string): boolean {
    const version = Microversion.parse(other)
    if (!version) throw new Error(`not a microversion: ${other}`)
    return this.major > version.major || (this.major === version.major && this.minor >= version.minor)
  }

  /** `call.microversion.isAbove('2.65')` */
  isAbove(other: string): boolean {
    return this.atLeast(other) && this.toString() !== other
  }

  toString(): string {
    return `${this.major}.${this.minor}`
  }
}

/** The range of a service and how clients name it in headers. */
export interface MicroversionRange {
  min: string
  max: string
  /** Service name in `OpenStack-API-Version: <name> 2.93`. */
  name: string
  /** Older header that carries the bare version, such as `X-OpenStack-Nova-API-Version`. */
  legacyHeader?: string
}

export interface Negotiated {
  version: Microversion
  headers: Record<string, string>
}

/**
 * Picks the version of a request. An unsupported one is 406, an unreadable one 400
 * (https://docs.openstack.org/api-guide/compute/microversions.html).
 */
export const negotiate = (range: MicroversionRange, headers: Headers): Negotiated => {
  const asked = askedFor(range, headers)
  const min = Microversion.parse(range.min) ?? new Microversion(0, 0)
  const max = Microversion.parse(range.max) ?? min
  if (asked === undefined) return { version: min, headers: versionHeaders(range, range.min) }
  if (asked === 'latest') return { version: max, headers: versionHeaders(range, range.max) }
  const version = Microversion.parse(asked)
  if (!version) {
    throw new ApiError(400, `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`, {
      isOutsideApi: true,
    })
  }
  if (!version.atLeast(range.min) || (version.atLeast(range.max) && version.toString() !== range.max)) {
    throw new ApiError(
      406,
      `Version ${version} is not supported by the API. Minimum is ${range.min} and maximum is ${range.max}.`,
      // Cinder names the version only when its major number is its own.
      {
        type: 'computeFault',
        isOutsideApi: true,
        headers: range.legacyHeader || version.major === max.major ? versionHeaders(range, asked) : {},
      },
    )
  }
  return { version, headers: versionHeaders(range, asked) }
}

const askedFor = (range: MicroversionRange, headers: Headers): string | undefined => {
  for (const part of (headers.get('openstack-api-version') ?? '').split(',')) {
    const [name, version] = part.trim().split(/\s+/)
    if (name?.toLowerCase() === range.name && version !== undefined) return version.toLowerCase()
  }
  return (range.legacyHeader && headers.get(range.legacyHeader)?.trim().toLowerCase()) || undefined
}

const versionHeaders = (range: MicroversionRange, version: string): Record<string, string> => ({
  'openstack-api-version': `${range.name} ${version}`,
  ...(range.legacyHeader
    ? { [range.legacyHeader]: version, vary: `OpenStack-API-Version, ${range.legacyHeader}` }
    : { vary: 'OpenStack-API-Version' }),
})
