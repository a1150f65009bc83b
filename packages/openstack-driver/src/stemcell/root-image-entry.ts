import type { Header } from 'tar-stream'

/** What an entry of a stemcell archive is to us. */
export type RootImageRole =
  | { readonly is: 'root-image'; readonly sizeBytes: number }
  | { readonly is: 'other' }
  /** Meant as the root image, but in a form whose bytes are not the disk's bytes. */
  | { readonly is: 'refused'; readonly reason: string }

const rootImageNames: ReadonlySet<string> = new Set(['root.img', './root.img'])

/**
 * Tells the root image from everything else: only a plain file with exactly this name counts, never a link, never
 * another path (driver spec §7.2). GNU tar stores files made with `--sparse` with their holes cut out, in three forms;
 * passing those bytes on would upload a broken disk.
 * https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html
 */
export function rootImageRole(header: Header): RootImageRole {
  const pax = paxOf(header)
  const sparseName = pax['GNU.sparse.name']
  if (!rootImageNames.has(sparseName ?? header.name)) return { is: 'other' }
  // The tar reader answers null, against its declared type, for what it does not know, such as old GNU's "S".
  const type: string | null = header.type
  const isSparse = type === null || Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'))
  if (isSparse) {
    return { is: 'refused', reason: 'root.img is stored as a GNU sparse file; pack it again without "tar --sparse"' }
  }
  if (type !== 'file' && type !== 'contiguous-file') return { is: 'other' }
  const sizeBytes = header.size
  if (!Number.isSafeInteger(sizeBytes))
    return { is: 'refused', reason: `root.img has an impossible size: ${sizeBytes}` }
  if (sizeBytes === 0) return { is: 'refused', reason: 'root.img is empty' }
  return { is: 'root-image', sizeBytes }
}

/** The records of the extended header, if it has one; the tar reader makes strings of all of them. */
function paxOf({ pax }: Header): Readonly<Record<string, string | undefined>> {
  return typeof pax === 'object' && pax !== null ? { ...pax } : {}
}
