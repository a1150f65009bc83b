import { isSecretName } from './redact-structure.ts'
import { addStrings, addUrlPasswords, type Secrets } from './secrets.ts'

/**
 * Registers what is secret in a configuration, of a file or of a context (contract §12): everything below a key that
 * names a secret (`api_key`, `password`, …) and the password of each URL. Private keys are hidden without being
 * registered. The rest, such as the names of regions and networks, stays readable in messages.
 */
export const addConfigSecrets = (config: unknown, secrets: Secrets): void => {
  const rest: unknown[] = [config]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next === 'string') addUrlPasswords(next, secrets)
    if (typeof next !== 'object' || next === null) continue
    for (const [key, value] of Object.entries(next)) {
      if (isSecretName(key)) addStringsAndNumbers(value, secrets)
      else rest.push(value)
    }
  }
}

/** YAML turns a password of digits into a number. */
const addStringsAndNumbers = (value: unknown, secrets: Secrets): void => {
  if (typeof value === 'number') secrets.add(String(value))
  else addStrings(value, secrets)
}
