import type { FormatCheck } from './json-schema.ts'

/** Formats that several services check in the same way, as oslo's functions do. */

/** A UUID in any of the notations that Python reads. */
export const isUuidLike = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{32}$/i.test(value.replace(/urn:|uuid:|[{}-]/g, ''))

/** Python's lenient decoder: other characters are dropped, the padding must fit. */
export const isBase64 = (text: string): boolean => {
  const letters = text.replace(/[^A-Za-z0-9+/=]/g, '')
  const body = letters.replace(/=+$/, '')
  return body.length % 4 === 0 || (body.length % 4 !== 1 && letters.length - body.length >= 4 - (body.length % 4))
}

/** A time as `oslo_utils.timeutils.parse_isotime` reads it. */
const isoTime =
  /^\d{4}(-?\d{1,2}(-?\d{1,2}([ T]\d{1,2}(:?\d{1,2}(:?\d{1,2}([.,]\d+)?)?)?\s*(Z|[+-]\d{2}(:?\d{1,2})?)?)?)?)?$/

const failing = (isRight: (value: unknown) => boolean): FormatCheck => {
  return (value) => (isRight(value) ? undefined : false)
}

export const uuidFormat = failing(isUuidLike)
export const base64Format = failing((value) => typeof value !== 'string' || isBase64(value))
export const timeFormat = failing((value) => typeof value === 'string' && isoTime.test(value))
