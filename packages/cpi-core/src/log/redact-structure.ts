import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { redacted } from './secrets.ts'

/** Keys and headers whose value is never shown, whatever it is (contract §12). */
const secretName =
  /pass(?:word|wd|phrase|$)|secret|token$|api[-_]?key|private[-_]?key|access[-_]?key|^authorization$|^proxy-authorization$|cookie$|^credentials?$/i

/** True for the names of secrets: `password`, `api_key`, `access_token`, `private_key`, … */
export const isSecretName = (name: string): boolean => secretName.test(name)

/**
 * A copy of a JSON body that may be logged: secrets by name and the agent's `env` are hidden (contract §12).
 * @param isSecret adds to the names of secrets what a cloud calls so, for example
 *   `(name) => isSecretName(name) || name === 'boot_script'`
 */
export const redactJson = (value: Json, isSecret: (name: string) => boolean = isSecretName): Json =>
  redactNested(value, isSecret, 0)

/** Deeper than any document of a cloud; what lies below is not shown, so that no input can exhaust the stack. */
const deepest = 100

const redactNested = (value: Json, isSecret: (name: string) => boolean, depth: number): Json => {
  if (value === null || typeof value !== 'object') return value
  if (depth === deepest) return redacted
  if (isJsonArray(value)) return value.map((item) => redactNested(item, isSecret, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'env') return [key, redactEnv(inner)]
      return [key, isSecret(key) && inner !== null ? redacted : redactNested(inner, isSecret, depth + 1)]
    }),
  )
}

/** The agent's `env` with only what names the instance group: `bosh.group`, `bosh.groups` and `bosh.tags`. */
const redactEnv = (env: Json): Json => {
  if (!isJsonObject(env)) return env === null ? null : redacted
  return mapValues(env, (key, value) => {
    if (key !== 'bosh' || !isJsonObject(value)) return redacted
    return mapValues(value, (inner, innerValue) => (shownInBosh.has(inner) ? innerValue : redacted))
  })
}

const shownInBosh: ReadonlySet<string> = new Set(['group', 'groups', 'tags'])

/** What of `env` is secret: everything but what is shown of it. */
export const secretPartOfEnv = (env: JsonObject): readonly Json[] =>
  Object.entries(env).flatMap(([key, value]) => {
    if (key !== 'bosh' || !isJsonObject(value)) return [value]
    return Object.entries(value).flatMap(([inner, innerValue]) => (shownInBosh.has(inner) ? [] : [innerValue]))
  })

const mapValues = (object: JsonObject, change: (key: string, value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(key, value)]))
