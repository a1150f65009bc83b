import { isJsonObject, isStringArray, type Json, type JsonObject } from '../model/json.ts'
import { parseJsonText } from '../model/parse-json-text.ts'

/**
 * Reads a settings document back, from the bytes or text that a VM was given. Throws `TypeError` that names everything
 * for which the agent would reject the document (contract §8.1), `SyntaxError` when it is not JSON.
 */
export const readAgentSettings = (document: string | Uint8Array): JsonObject => {
  const text = typeof document === 'string' ? document : new TextDecoder('utf-8', { fatal: true }).decode(document)
  const settings = parseJsonText(text)
  const problems = problemsOfAgentSettings(settings)
  if (problems.length > 0 || !isJsonObject(settings)) throw new TypeError(`Agent settings: ${problems.join('; ')}`)
  return settings
}

/** Everything for which an agent would reject the document; empty when it is fine. */
export const problemsOfAgentSettings = (settings: Json): readonly string[] => {
  if (!isJsonObject(settings)) return ['the document must be an object']
  const { agent_id: agentId, networks = {}, disks = {}, mbus = '', ntp = [] } = settings
  const problems: string[] = []
  if (typeof agentId !== 'string' || agentId === '') problems.push('agent_id must be a non-empty string')
  if (isJsonObject(networks)) {
    for (const [name, network] of Object.entries(networks)) problems.push(...problemsOfNetwork(name, network))
  } else problems.push('networks must be an object')
  if (!isJsonObject(disks)) problems.push('disks must be an object')
  else if (typeof (disks['system'] ?? '') !== 'string') problems.push('disks.system must be a string')
  if (typeof mbus !== 'string') problems.push('mbus must be a string')
  if (!isStringArray(ntp)) problems.push('ntp must be an array of strings')
  return problems
}

/** Keys of a network that an agent reads as text. */
const textKeys = ['type', 'ip', 'netmask', 'gateway', 'prefix', 'mac', 'alias'] as const

const problemsOfNetwork = (name: string, network: Json): readonly string[] => {
  if (!isJsonObject(network)) return [`networks.${name} must be an object`]
  const problems: string[] = []
  for (const key of textKeys) {
    if (typeof (network[key] ?? '') !== 'string') problems.push(`networks.${name}.${key} must be a string`)
  }
  for (const key of ['dns', 'default']) {
    if (!isStringArray(network[key] ?? [])) problems.push(`networks.${name}.${key} must be an array of strings`)
  }
  const { mac } = network
  if (typeof mac === 'string' && mac !== mac.toLowerCase()) problems.push(`networks.${name}.mac must be in lower case`)
  return problems
}
