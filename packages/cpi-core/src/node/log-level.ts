import { type LogLevel, logLevels } from '../log/logger.ts'

/** The log level that an environment variable names: `info` when it is unset or empty, undefined when it names none. */
export const readLogLevel = (value: string | undefined): LogLevel | undefined => {
  const wanted = value?.toLowerCase() ?? ''
  return wanted === '' ? 'info' : logLevels.find((level) => level === wanted)
}
