import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { addConfigSecrets, type Clock, type Cpi, type CpiCall, systemWaitClock } from '@openstack-cpi/cpi-core'
import { processClock } from '@openstack-cpi/cpi-core/node'
import { createOpenStackCpi, type OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { recordsVariable, userAgent } from '../executable.ts'
import { openPendingResultsFolder, removingRecords } from '../pending-results.ts'
import { tokenCacheFromEnvironment } from '../token-cache/token-cache.ts'
import { type CpiConfig, contextOption, readCpiConfig } from './cpi-config.ts'

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
  const pendingResults = openPendingResultsFolder(process.env[recordsVariable], call)
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

/**
 * Options of the driver for a command that is no CPI call. Reads the configuration. Throws `CpiError` or `TypeError`
 * for one that cannot be used.
 */
export const commandOptions = (
  options: { readonly config: string; readonly ca?: string; readonly context?: string },
  command: Pick<CpiCall, 'method' | 'directorUuid' | 'signal' | 'log' | 'secrets'>,
): OpenStackCpiOptions => {
  const { cloudProperties, caBundle } = readCpiConfig({ configPath: options.config, caPath: options.ca })
  addConfigSecrets(cloudProperties, command.secrets)
  return {
    ...systemOptions(processClock),
    cloudProperties,
    ...(caBundle === undefined ? {} : { caBundle }),
    call: { ...command, apiVersion: 3, configOverrides: contextOption(options.context) },
    userAgent,
  }
}

/** What the driver may know of the machine and the process, in its own terms. */
const systemOptions = ({
  monotonicMs,
}: Pick<Clock, 'monotonicMs'>): Pick<OpenStackCpiOptions, 'clock' | 'random' | 'tmpDir' | 'environment'> => ({
  clock: {
    nowMs: () => Date.now(),
    monotonicMs,
    sleep: systemWaitClock.sleep,
  },
  random: { uuid: () => randomUUID(), fraction: () => Math.random() },
  tmpDir: tmpdir(),
  environment: process.env,
})
