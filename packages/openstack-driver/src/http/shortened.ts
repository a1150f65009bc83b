const boundary = /[\s"'<>]/

/**
 * The beginning of a text, at most so many characters. The word that the cut would hit is left out as a whole: of a secret
 * that is cut, nobody who hides secrets recognises the first half.
 */
export function shortened(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text
  let end = mostCharacters
  while (end > 0 && !boundary.test(text.charAt(end - 1))) end--
  return `${text.slice(0, Math.min(end, mostCharacters - 1))}…`
}
