import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** One file of an archive. */
export interface ArchiveFile {
  /** Relative, with `/`. */
  readonly path: string
  readonly content: Buffer
  readonly executable?: boolean
}

/** Any date will do as long as it is always the same; this one every tar and file system can hold. */
const fixedTime = new Date('2020-01-01T00:00:00Z')

/**
 * A gzip'd tar whose bytes depend on nothing but its files: sorted, owned by root, with one fixed time, and no time or
 * name in the gzip header.
 * @param level of the compression, 0 to 9; 0 for what is compressed already
 */
export async function deterministicTgz(files: readonly ArchiveFile[], level = 6): Promise<Buffer> {
  const tar = pack()
  const chunks: Buffer[] = []
  const collected = (async () => {
    for await (const chunk of tar) chunks.push(Buffer.from(chunk as Uint8Array)) // a tar stream yields bytes
  })()
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const header = {
      name: `./${file.path}`,
      mode: file.executable ? 0o755 : 0o644,
      mtime: fixedTime,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
    }
    await new Promise<void>((resolve, reject) => {
      tar.entry(header, file.content, (error) => (error ? reject(error) : resolve()))
    })
  }
  tar.finalize()
  await collected
  return gzipSync(Buffer.concat(chunks), { level })
}

export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex')

/** Changes whenever a name, a mode or a byte of the files does. */
export function fingerprint(files: readonly ArchiveFile[], dependencies: readonly string[] = []): string {
  const hash = createHash('sha256')
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${file.path}\0${file.executable ? '755' : '644'}\0${sha256(file.content)}\n`)
  }
  for (const dependency of dependencies) hash.update(`${dependency}\n`)
  return hash.digest('hex')
}
