import { processClock, runCpi } from '@openstack-cpi/cpi-core/node'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { readCpiConfig } from './config/cpi-config.ts'
import { logLevelVariable, userAgent, version } from './executable.ts'

/** What the release's `bin/cpi` has read of the request. */
const requestStartVariable = 'OPENSTACK_CPI_REQUEST_START'

/**
 * Answers one call as a director makes it.
 * @param before gets the method of a call that needs the driver, before the driver is loaded
 */
export function answerCall(before: (method: string) => void): void {
  runCpi({
    name: 'openstack-cpi',
    version,
    info: openStackCpiInfo,
    files: ['<config.json>', '[<ca.pem>]'],
    logLevelVariable,
    requestStart: process.env[requestStartVariable] ?? '',
    readConfig: ([configPath, caPath]) => readCpiConfig({ configPath, caPath }),
    // The driver brings everything that speaks HTTP: loaded only by calls that need it.
    createCpi: async (call, config) => {
      before(call.method)
      return (await import('./config/create-driver.ts')).createDriver(config, call, { clock: processClock, userAgent })
    },
  })
}
