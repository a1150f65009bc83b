import { readFileSync } from 'node:fs'
import { type CollectionTag, parse, type ScalarTag } from 'yaml'

/** `!repeat [x, 256]`: a text of 256 letters. */
const repeat: CollectionTag = {
  tag: '!repeat',
  collection: 'seq',
  resolve: (node) => {
    const [word, times] = node.toJSON() as [string, number] // checked by the recordings
    return word.repeat(times)
  },
}
/** `!bytes {510: 55aa}`: 4096 bytes, zero but for those at the offsets, which are in hexadecimal. */
const bytes: CollectionTag = {
  tag: '!bytes',
  collection: 'map',
  resolve: (node) => {
    const content = new Uint8Array(4096)
    for (const [at, hex] of Object.entries(node.toJSON() as Record<string, string>))
      content.set(Buffer.from(String(hex), 'hex'), Number(at))
    return content
  },
}
/** `!absent`: takes a field out of what `<<` merges. */
const absent: ScalarTag = { tag: '!absent', resolve: () => undefined }

/** Reads a YAML file of ours, with these tags and `<<`. */
export const readYaml = <T = Record<string, unknown>>(file: URL): T =>
  parse(readFileSync(file, 'utf8'), { merge: true, customTags: [repeat, bytes, absent] }) as T // tests read each of them
