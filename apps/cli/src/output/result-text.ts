import { isJsonArray, type Json, type JsonObject } from '@openstack-cpi/cpi-core'

/** A CPI result for people: scalars on a line, objects as a table of keys and values, lists line by line. */
export const resultText = (result: Json): string => {
  if (result === null) return 'done'
  if (isJsonArray(result)) return result.length === 0 ? 'none' : result.map(resultText).join('\n')
  if (typeof result === 'object') return table(result)
  return String(result)
}

const table = (object: JsonObject): string => {
  const keys = Object.keys(object)
  const width = Math.max(...keys.map((key) => key.length))
  return keys.map((key) => `${key.padEnd(width)}  ${cell(object[key] ?? null)}`).join('\n')
}

const cell = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
