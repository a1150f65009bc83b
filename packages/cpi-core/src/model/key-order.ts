import type { Json, JsonObject } from './json.ts'
import { parseJsonText } from './parse-json-text.ts'

/** A key of the kind that JavaScript puts in front of all others: `"2"`. The quote of a key is never escaped. */
const integerKey = /(?<!\\)"(\d+)"(\s*:)/g
const looksLikeInteger = /^\d+$/
/** Before a key's digits: makes a text of it that keeps its place. */
const mark = '\0'

/**
 * The keys of an object in the order in which they stand in the JSON text that it comes from. Networks named `1` or `20`
 * would otherwise come first, sorted.
 * @param text valid JSON
 * @param find leads from the text's value to the object
 */
export const keysInOrder = (
  object: JsonObject,
  text: string,
  find: (root: Json) => Json | undefined,
): readonly string[] => {
  const keys = Object.keys(object)
  if (!keys.some((key) => looksLikeInteger.test(key))) return keys
  const marked = find(parseJsonText(text.replace(integerKey, '"\\u0000$1"$2')))
  const ordered = Object.keys(marked ?? {}).map((key) => (key.startsWith(mark) ? key.slice(mark.length) : key))
  // A name may begin with the mark itself: rather the wrong order than a network too few.
  const isWhole = ordered.length === keys.length && keys.every((key) => ordered.includes(key))
  return isWhole ? ordered : keys
}
