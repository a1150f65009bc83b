import { invalidInput } from './faults-of-cinder.ts'

/** A name or description as Cinder keeps it: without surrounding blanks, at most 255 characters (else 400). */
export const stripped = (entity: 'name' | 'description', value: string | null | undefined): string | null => {
  if (value === null || value === undefined) return null
  const text = value.trim()
  if (text.length > 255) throw invalidInput(`${entity} has ${text.length} characters, more than 255.`)
  return text
}
