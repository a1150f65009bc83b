import type { Json, JsonObject } from '@openstack-cpi/cpi-core'
import { CpiError, isJsonObject, parseJsonText, readConfigFile, readTextFile } from '@openstack-cpi/cpi-core/node'

/** Where the wrapper of the release job keeps the configuration. */
export interface ConfigPaths {
  readonly configPath: string | undefined
  /** PEM bundle that belongs to the configuration; an empty file is none. */
  readonly caPath: string | undefined
}

/** The configuration file's part for the driver (driver spec §1). Secret. */
export interface CpiConfig {
  /** `cloud.properties`: sections `openstack`, `agent`, `registry`. Their content is the driver's to check. */
  readonly cloudProperties: JsonObject
  readonly caBundle: string | undefined
}

/** Reads both files. Throws `CloudError` naming the file and what is wrong with it, never showing its content. */
export const readCpiConfig = ({ configPath, caPath }: ConfigPaths): CpiConfig => {
  const config = readConfigFile(configPath)
  const cloudProperties = section(section(config, 'cloud', configPath), 'properties', configPath)
  for (const name of ['openstack', 'agent']) section(cloudProperties, name, configPath)
  const caBundle = caPath === undefined ? '' : readTextFile(caPath, 'CA file')
  return { cloudProperties, caBundle: caBundle.trim() === '' ? undefined : caBundle }
}

/** Absent sections are empty: a CPI config may bring everything (contract §3.1). */
const section = (parent: JsonObject, name: string, path = ''): JsonObject => {
  const value = parent[name] ?? {}
  if (!isJsonObject(value)) {
    throw new CpiError('CloudError', `Cannot use the configuration file '${path}': '${name}' must be an object`)
  }
  return value
}

/** The value of `--context`: configuration as a CPI config brings it. Throws `TypeError` for anything but a JSON object. */
export const contextOption = (text: string | undefined): JsonObject => {
  const context = text === undefined ? {} : parseContext(text)
  if (!isJsonObject(context)) throw new TypeError('--context must be a JSON object')
  return context
}

const parseContext = (text: string): Json => {
  try {
    return parseJsonText(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw new TypeError(`--context must be a JSON object: ${error.message}`)
    throw error
  }
}
