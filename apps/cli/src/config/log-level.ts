import { type LogLevel, logLevels } from '@openstack-cpi/cpi-core'

/** Names one of the log levels. The director clears the environment: a release's wrapper sets it. */
export const logLevelVariable = 'OPENSTACK_CPI_LOG_LEVEL'

/** The wanted level, `info` unless told; undefined when the variable says something else than a level. */
export const readLogLevel = (environment: Readonly<Record<string, string | undefined>>): LogLevel | undefined => {
  const wanted = environment[logLevelVariable]?.toLowerCase() ?? ''
  return wanted === '' ? 'info' : logLevels.find((level) => level === wanted)
}
