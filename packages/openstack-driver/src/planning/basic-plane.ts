/** The text without characters beyond Unicode's basic plane: many clouds' databases refuse them with a 500, or count them double. */
export function basicPlane(text: string): string {
  return text.replace(/[\u{10000}-\u{10ffff}]/gu, '_')
}
