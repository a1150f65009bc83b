import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

/** One file of an archive. */
export interface ArchiveFile {
  /** Relative, with `/`. */
  readonly path: string
  readonly content: Buffer
  readonly executable?: boolean
}

/** Any date will do as long as it is always the same; this one every tar and file system can hold. */
const mtime = new Date('2020-01-01T00:00:00Z')

/** A tar whose bytes depend on nothing but its files: sorted, owned by root, with one fixed time. */
export async function deterministicTar(files: readonly ArchiveFile[]): Promise<Buffer> {
  const tar = pack()
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root' }
  for (const { path, content, executable } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    tar.entry({ name: `./${path}`, mode: executable ? 0o755 : 0o644, mtime, ...owner }, content)
  }
  tar.finalize()
  return buffer(tar)
}

export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')
