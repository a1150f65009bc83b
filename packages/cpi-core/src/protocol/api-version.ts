import type { ApiVersion } from '../contract/call.ts'
import { CpiError } from '../errors/cpi-error.ts'

/**
 * The version a request is to be read and answered in (contract §3, §5). Absent or null means 1.
 * Throws `InvalidCall` for what is no version at all, `NotSupported` for one above `highest`.
 */
export const readApiVersion = (value: unknown, highest: ApiVersion): ApiVersion => {
  if (value === undefined || value === null) return 1
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new CpiError('InvalidCall', 'Request is not correct, details: api_version must be a positive integer')
  }
  if (value > highest) {
    throw new CpiError(
      'NotSupported',
      `CPI API version ${value} was requested, but this CPI supports at most version ${highest}`,
    )
  }
  return value as ApiVersion // an integer from 1 to `highest`
}
