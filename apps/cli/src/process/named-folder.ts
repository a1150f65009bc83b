import { isAbsolute } from 'node:path'
import type { Logger } from '@openstack-cpi/cpi-core'

/**
 * The private folder that an environment variable names, and the user whose it has to be. Undefined where there is to be
 * none: absent, empty, `off`, or, with a warning, no absolute path.
 * @param lost what the warning says of it, for example `logins are not kept`
 */
export function namedFolder(
  value: string | undefined,
  given: { readonly variable: string; readonly lost: string; readonly log: Logger },
): { readonly folder: string; readonly uid: number } | undefined {
  if (value === undefined || value === '' || value === 'off') return undefined
  if (isAbsolute(value) && process.getuid !== undefined) return { folder: value, uid: process.getuid() }
  given.log.warn(`${given.variable} is not an absolute path; ${given.lost}`)
  return undefined
}
