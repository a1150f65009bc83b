/** The secret strings of one process; anything written for people passes through `redact`. */
export interface Secrets {
  /** Registers a value; too short ones (fewer than 4 characters) are ignored, or every text would be riddled. */
  add(value: string): void
  /** Replaces each registered value, in plain, JSON-escaped, URL-encoded and base64 form, by `<redacted>`. */
  redact(text: string): string
}

/** What stands where a secret was. */
export const redacted = '<redacted>'

const shortestSecret = 4
/** Shorter pieces of base64 would match words that have nothing to do with the secret. */
const shortestBase64Piece = 6

/** A secret registry. Private keys (PEM) and passwords in URLs are hidden even if nobody registered them. */
export const createSecrets = (): Secrets => {
  const forms = new Set<string>()
  let longestFirst: readonly string[] | undefined
  return {
    add(value) {
      if (value.length < shortestSecret || value === redacted) return
      for (const form of formsOf(value)) forms.add(form)
      longestFirst = undefined
    },
    redact(text) {
      longestFirst ??= [...forms].sort((a, b) => b.length - a.length)
      let result = hidePatterns(text)
      for (const form of longestFirst) if (result.includes(form)) result = result.replaceAll(form, redacted)
      return result
    },
  }
}

/** Registers every string inside `value`, and the password of each URL with user-info. Iterative: depth is the caller's. */
export const addStrings = (value: unknown, secrets: Secrets): void => {
  const rest: unknown[] = [value]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next === 'string') addString(next, secrets)
    else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) rest.push(inner)
  }
}

const addString = (text: string, secrets: Secrets): void => {
  secrets.add(text)
  addUrlPasswords(text, secrets)
}

/** Registers the password of each URL with user-info in `text`, as written and decoded; the rest stays readable. */
export const addUrlPasswords = (text: string, secrets: Secrets): void => {
  for (const [, password] of text.matchAll(urlPassword)) {
    if (password === undefined) continue
    secrets.add(password)
    secrets.add(decodeLeniently(password))
  }
}

const decodeLeniently = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text // not percent-encoded after all
    throw error
  }
}

const urlPassword = /:\/\/[^\s/:@"']*:([^\s/"']+)@/g
const urlUserInfo = /(:\/\/)[^\s/"'<>]+@/g
/** Also in JSON, where line ends are `\n`, and when the end is cut off. */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g

const hidePatterns = (text: string): string => {
  let result = text
  if (result.includes('PRIVATE KEY-----')) result = result.replace(privateKey, redacted)
  if (result.includes('://')) result = result.replace(urlUserInfo, `$1${redacted}@`)
  return result
}

const jsonEscaped = (value: string): string => JSON.stringify(value).slice(1, -1)

function* formsOf(value: string): Iterable<string> {
  yield value
  const escapedOnce = jsonEscaped(value)
  yield escapedOnce
  yield jsonEscaped(escapedOnce) // JSON inside JSON, as in a quoted body
  const encoded = encodeURIComponent(value.toWellFormed())
  yield encoded
  yield encoded.replaceAll('%20', '+')
  yield encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  yield* base64Forms(Buffer.from(value))
}

/** Base64 of a text that contains the secret depends on where in a group of three bytes it starts: all three cases. */
function* base64Forms(bytes: Buffer): Iterable<string> {
  yield bytes.toString('base64')
  yield bytes.toString('base64url')
  for (const skipped of [0, 1, 2]) {
    const all = Buffer.concat([Buffer.alloc(skipped), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first and last character may share bits with the neighbours; what is between belongs to the secret alone.
    const start = skipped === 0 ? 0 : skipped + 1
    const wholeBits = (skipped + bytes.length) * 8
    const piece = all.slice(start, Math.floor(wholeBits / 6))
    if (piece.length < shortestBase64Piece) continue
    yield piece
    yield piece.replaceAll('+', '-').replaceAll('/', '_')
  }
}
