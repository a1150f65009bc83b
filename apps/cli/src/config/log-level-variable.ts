/** Names one of the log levels. The director clears the environment: a release's wrapper sets it. */
export const logLevelVariable = 'OPENSTACK_CPI_LOG_LEVEL'
