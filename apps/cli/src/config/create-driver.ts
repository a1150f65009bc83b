import type { Clock, Cpi, CpiCall } from '@openstack-cpi/cpi-core'
import { createOpenStackCpi, type OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { openPendingResultsFolder } from '../pending-results/pending-results-folder.ts'
import { recordsVariable } from '../pending-results/records-variable.ts'
import { removingRecords } from '../pending-results/remove-records.ts'
import { systemOptions } from '../process/system.ts'
import { tokenCacheFromEnvironment } from '../token-cache/token-cache-from-environment.ts'
import type { CpiConfig } from './cpi-config.ts'

/** What the executable gives the driver. */
export interface DriverSurroundings extends Pick<OpenStackCpiOptions, 'userAgent' | 'onUpload'> {
  readonly clock: Clock
}

/**
 * Makes the driver of a call. To be imported only when it is needed: with it comes the driver's code, without which
 * `info` and refused requests are answered immediately.
 */
export const createDriver = async (
  { cloudProperties, caBundle }: CpiConfig,
  call: CpiCall,
  { clock, ...surroundings }: DriverSurroundings,
): Promise<Cpi> => {
  const tokenCache = tokenCacheFromEnvironment(process.env, call.log)
  const pendingResults = openPendingResultsFolder(process.env[recordsVariable], call.log)
  const cpi = createOpenStackCpi({
    ...systemOptions(clock),
    ...surroundings,
    cloudProperties,
    ...(caBundle === undefined ? {} : { caBundle }),
    ...(tokenCache === undefined ? {} : { tokenCache }),
    ...(pendingResults === undefined ? {} : { pendingResults }),
    call,
  })
  return pendingResults === undefined ? cpi : removingRecords(cpi, pendingResults)
}
