import { CpiError } from '../errors/cpi-error.ts'
import { isJsonObject, isStringArray, type Json, type JsonObject } from '../model/json.ts'

/**
 * Reads the `agent` section that the configuration file of every CPI has: `mbus` (URL), `ntp` (array of host names),
 * `blobstore` (object with `provider` and `options`), and whatever else is to stand in the agent's settings. Null counts
 * as absent. Throws `CloudError` for a type that would make the agent reject its settings. Holds secrets.
 */
export const readAgentConfig = (section: Json | undefined): JsonObject => {
  if (section === undefined || section === null) return {}
  if (!isJsonObject(section)) throw wrong('agent', 'an object')
  const config = Object.fromEntries(Object.entries(section).filter(([, value]) => value !== null))
  const { mbus, ntp, blobstore } = config
  if (mbus !== undefined && typeof mbus !== 'string') throw wrong('agent.mbus', 'a URL')
  if (ntp !== undefined && !isStringArray(ntp)) throw wrong('agent.ntp', 'an array of host names')
  if (blobstore !== undefined && !isJsonObject(blobstore)) throw wrong('agent.blobstore', 'an object')
  return config
}

const wrong = (name: string, wanted: string): CpiError =>
  new CpiError('CloudError', `Invalid configuration: ${name} must be ${wanted}`)
