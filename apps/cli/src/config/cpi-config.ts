import { readFileSync } from 'node:fs'
import { CpiError, type Json, type JsonObject, parseJsonText } from '@openstack-cpi/cpi-core'

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
  if (configPath === undefined) {
    throw new CpiError('CloudError', 'No configuration file: start openstack-cpi with the path of one')
  }
  const config = parse(readText(configPath, 'configuration file'), configPath)
  const cloudProperties = section(section(config, 'cloud', configPath), 'properties', configPath)
  for (const name of ['openstack', 'agent']) section(cloudProperties, name, configPath)
  const caBundle = caPath === undefined ? '' : readText(caPath, 'CA file')
  return { cloudProperties, caBundle: caBundle.trim() === '' ? undefined : caBundle }
}

const readText = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CpiError('CloudError', `Cannot read the ${what} '${path}': ${reason(cause)}`, { cause })
  }
}

const reason = (error: unknown): string => {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'it does not exist'
    case 'EACCES':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a directory'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

const parse = (text: string, path: string): JsonObject => {
  const value = parseFile(text, path)
  if (!isObject(value)) throw new CpiError('CloudError', `The configuration file '${path}' must be a JSON object`)
  return value
}

const parseFile = (text: string, path: string): Json => {
  try {
    return parseJsonText(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new CpiError('CloudError', `Cannot use the configuration file '${path}': ${error.message}`)
  }
}

/** Absent sections are empty: a CPI config may bring all there is to know (contract §3.1). */
const section = (parent: JsonObject, name: string, path: string): JsonObject => {
  const value = parent[name] ?? {}
  if (!isObject(value)) {
    throw new CpiError('CloudError', `Cannot use the configuration file '${path}': '${name}' must be an object`)
  }
  return value
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
