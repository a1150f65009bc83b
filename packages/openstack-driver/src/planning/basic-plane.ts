import type { Json } from '@openstack-cpi/cpi-core'

/**
 * The text without characters beyond Unicode's basic plane: many clouds' databases refuse them with a 500, or count
 * them double.
 */
export function basicPlane(text: string): string {
  return text.replace(/[\u{10000}-\u{10ffff}]/gu, '_')
}

/** A text for any value: its JSON, but for a string. Without characters beyond the basic plane. */
export const basicPlaneText = (value: Json): string =>
  basicPlane(typeof value === 'string' ? value : JSON.stringify(value))
