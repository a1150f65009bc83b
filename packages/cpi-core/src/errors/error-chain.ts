import { plainText } from '../log/plain-text.ts'

/** What an error was made of: its cause, then the members of an aggregate, outermost first, each once. */
export const nestedErrors = (thrown: unknown): readonly unknown[] => {
  const found: unknown[] = []
  const seen = new Set<unknown>()
  const rest: unknown[] = [thrown]
  while (rest.length > 0) {
    const next = rest.shift()
    if (next === undefined || next === null || seen.has(next)) continue
    seen.add(next)
    found.push(next)
    rest.unshift(...partsOf(next))
  }
  return found
}

const partsOf = (error: unknown): readonly unknown[] => {
  if (!(error instanceof Error)) return []
  const parts: unknown[] = []
  // A failed disposal hides what failed before it; that one came first and matters more.
  // Known by its members: Node 22 has no such class.
  if ('suppressed' in error && 'error' in error) parts.push(error.suppressed, error.error)
  parts.push(error.cause)
  if (error instanceof AggregateError) parts.push(...error.errors)
  return parts
}

/** The text of whatever was thrown, without its causes, for messages. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/**
 * One line that tells the whole chain of causes; a message that stands in an earlier one is left out. `redact` sees each
 * message before its line ends go, or it would not recognise a secret of several lines.
 */
export const fullMessageOf = (thrown: unknown, redact: (text: string) => string): string => {
  const parts: string[] = []
  for (const error of nestedErrors(thrown)) {
    const own = oneLine(redact(ownMessage(error)))
    if (own !== '' && !parts.some((part) => part.includes(own))) parts.push(own)
  }
  return parts.length === 0 ? 'The CPI failed without saying why' : parts.join(': ')
}

/** All stack traces of the chain, for people who look for the place in the code. */
export const traceOf = (thrown: unknown): string =>
  nestedErrors(thrown)
    .map((error) => (error instanceof Error && typeof error.stack === 'string' ? error.stack : ownMessage(error)))
    .join('\nCaused by: ')

const ownMessage = (thrown: unknown): string => {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : String(thrown.message)
  if (typeof thrown === 'object' && thrown !== null) {
    return 'message' in thrown && typeof thrown.message === 'string'
      ? thrown.message
      : Object.prototype.toString.call(thrown)
  }
  return String(thrown)
}

const oneLine = (text: string): string =>
  plainText(text)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()
