import { readYaml } from './yaml-file.ts'

const special = readYaml<{
  hidden: Readonly<Record<string, string>>
  headers: readonly string[]
  presentHeaders: readonly string[]
}>(new URL('../normalise.yaml', import.meta.url))

/** Values that belong to one run or one cloud, longest first. */
export type Replacements = readonly (readonly [from: string, to: string])[]

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/** Takes ids, times, addresses and hosts out of a text, keeping their notation. */
export function normaliseText(text: string, replacements: Replacements): string {
  let out = text
  for (const [from, to] of replacements) out = out.replaceAll(from, to)
  return (
    out
      // Keystone and Glance print the schema behind the complaint; the complaint is what counts.
      .replace(/^"?([\s\S]*?)(?:\\n|\n){2}Failed validating[\s\S]*?(<br[\s\S]*)?$/, '$1$2')
      // Octavia names the choices in the order of a Python set, which differs from process to process.
      .replace(/(?<=should be one of: )[A-Z][A-Z_]*(, [A-Z][A-Z_]*)+/g, (set) => set.split(', ').sort().join(', '))
      .replace(/req-[0-9a-f-]{36}/g, '<request id>')
      .replace(/00000000-1111-2222-3333-444444444444/g, '<unknown id>')
      .replace(uuid, '<uuid>')
      .replace(/\bgAAAA[\w=-]+/g, '<token>')
      .replace(/\b[0-9a-f]{56,128}\b/g, '<hash>')
      .replace(/\b[0-9a-f]{32}\b/g, '<hex>')
      .replace(/\b20\d\d-\d\d-\d\d([T ])\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?/g, (time) => time.replace(/\d/g, '0'))
      .replace(/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>')
      .replace(/\b(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)(?!\/)/g, '<ip>')
  )
}

/** The same for a whole JSON value; keys are texts too. */
export function normaliseValue(value: unknown, replacements: Replacements): unknown {
  if (typeof value === 'string') return normaliseText(value, replacements)
  if (Array.isArray(value)) return value.map((item) => normaliseValue(item, replacements))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => {
    const secret = Object.hasOwn(special.hidden, key) ? special.hidden[key] : undefined
    const isText = typeof item === 'string' || Array.isArray(item)
    if (secret !== undefined && isText && item.length > 0) return [key, secret] as const
    return [normaliseText(key, replacements), normaliseValue(item, replacements)] as const
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Headers that clients look at, with their values; those that hold an id only as being there. */
export function normaliseHeaders(headers: Headers, replacements: Replacements): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name of special.headers) {
    const value = headers.get(name)
    if (value !== null) out[name] = normaliseText(value, replacements)
  }
  // Names in the order of a Python set.
  const { allow, vary } = out
  if (allow !== undefined) out['allow'] = sortedNames(allow)
  if (vary !== undefined) out['vary'] = sortedNames(vary.toLowerCase())
  for (const name of special.presentHeaders) {
    if (headers.has(name)) out[name] = '<present>'
  }
  return out
}

const sortedNames = (value: string): string => [...new Set(value.split(/, */))].sort().join(', ')
