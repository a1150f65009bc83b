import { readFileSync } from 'node:fs'
import { CpiError } from '../errors/cpi-error.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { parseJsonText } from '../model/parse-json-text.ts'

/**
 * Reads a configuration file, which must be a JSON object. Throws `CloudError` that names the file and says what is wrong
 * with it, never showing its content.
 * @param path undefined when the command line has none
 */
export const readConfigFile = (path: string | undefined): JsonObject => {
  if (path === undefined) {
    throw new CpiError('CloudError', 'No configuration file: start the CPI with the path of its configuration file')
  }
  const value = parseFile(readTextFile(path, 'configuration file'), path)
  if (!isJsonObject(value)) throw new CpiError('CloudError', `The configuration file '${path}' must be a JSON object`)
  return value
}

/**
 * Reads a text file in UTF-8, with or without a byte order mark. Throws `CloudError` that names the file and the reason.
 * @param what for the message, for example `CA file`
 */
export const readTextFile = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const reason = reasons[code]
    const failed = `Cannot read the ${what} '${path}'`
    // The system's own words would say a known reason a second time.
    throw reason === undefined
      ? new CpiError('CloudError', failed, { cause })
      : new CpiError('CloudError', `${failed}: ${reason}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
}

const parseFile = (text: string, path: string): Json => {
  try {
    return parseJsonText(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CpiError('CloudError', `Cannot use the configuration file '${path}': ${error.message}`, { cause: error })
  }
}
