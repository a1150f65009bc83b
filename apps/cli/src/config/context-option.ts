import { isJsonObject, type Json, type JsonObject, parseJsonText } from '@openstack-cpi/cpi-core'

/** The value of `--context`: configuration as a CPI config brings it. Throws `TypeError` for anything but a JSON object. */
export const contextOption = (text: string | undefined): JsonObject => {
  const context = text === undefined ? {} : parse(text)
  if (!isJsonObject(context)) throw new TypeError('--context must be a JSON object')
  return context
}

const parse = (text: string): Json => {
  try {
    return parseJsonText(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new TypeError(`--context must be a JSON object: ${error.message}`)
    throw error
  }
}
