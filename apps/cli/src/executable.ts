import manifest from '../package.json' with { type: 'json' }

/** The version of this executable, as published. */
export const { version } = manifest

/** How the CPI names itself in requests to OpenStack. */
export const userAgent = `openstack-cpi/${version}`

/** Environment variable: one of the log levels. The director clears the environment: a release's wrapper sets it. */
export const logLevelVariable = 'OPENSTACK_CPI_LOG_LEVEL'

/** Environment variable: the folder in which logins are kept between calls; absent, empty or `off`: they are not kept. */
export const cacheVariable = 'OPENSTACK_CPI_CACHE_DIR'

/** Environment variable: the folder of the records of pending results; absent, empty or `off`: there are none. */
export const recordsVariable = 'OPENSTACK_CPI_RECORDS_DIR'
