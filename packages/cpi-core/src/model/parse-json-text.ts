import type { Json } from './json.ts'

/**
 * JSON text as a value. Unlike the platform's parser, whose messages quote the text around an error, the `SyntaxError`
 * it throws tells the place only: the text may hold passwords.
 */
export const parseJsonText = (text: string): Json => {
  if (text.trim() === '') throw new SyntaxError('it is empty')
  try {
    return JSON.parse(text) as Json // whatever JSON.parse returns is JSON
  } catch (error) {
    const told = error instanceof Error ? error.message.replace('end of JSON input', 'at the end') : ''
    const place = /at (?:position \d+|the end)/.exec(told)?.[0]
    const where = place === undefined ? '' : `wrong ${place} of `
    throw new SyntaxError(`it is not valid JSON (${where}${text.length} characters)`)
  }
}
