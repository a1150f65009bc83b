import { addConfigSecrets, type Cpi, type CpiCall } from '@openstack-cpi/cpi-core'
import { createOpenStackCpi, type OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { systemOptions } from '../process/system.ts'
import { tokenCacheFromEnvironment } from '../token-cache/token-cache-from-environment.ts'
import { recordsVariable } from '../unanswered/records-variable.ts'
import { openUnansweredFolder } from '../unanswered/unanswered-folder.ts'
import { version } from '../version.ts'
import { type ConfigPaths, readCpiConfig } from './cpi-config.ts'

/**
 * Makes the driver of a call from the configuration files. To be imported when it is needed: with it comes the driver's
 * code, without which `info` and refused requests are answered at once.
 */
export const createDriver = async (
  paths: ConfigPaths,
  call: CpiCall,
  watching: Pick<OpenStackCpiOptions, 'onUpload'> = {},
): Promise<Cpi> => {
  const { cloudProperties, caBundle } = readCpiConfig(paths)
  addConfigSecrets(cloudProperties, call.secrets)
  const tokenCache = tokenCacheFromEnvironment(process.env, call.log, call.signal)
  const unanswered = openUnansweredFolder(process.env[recordsVariable], call.log)
  return createOpenStackCpi({
    ...systemOptions(),
    ...watching,
    cloudProperties,
    ...(caBundle === undefined ? {} : { caBundle }),
    ...(tokenCache === undefined ? {} : { tokenCache }),
    ...(unanswered === undefined ? {} : { unanswered }),
    call,
    userAgent: `openstack-cpi/${version}`,
  })
}
