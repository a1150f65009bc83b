import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

type EntryHeader = Parameters<ReturnType<typeof pack>['entry']>[0]

/** A tar archive of these entries. */
export async function tar(
  ...entries: readonly (readonly [header: EntryHeader, content?: Buffer | string])[]
): Promise<Buffer> {
  const archive = pack()
  for (const [header, content] of entries) archive.entry(header, content ?? '')
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer) // a pack gives buffers
  return Buffer.concat(chunks)
}

/** What a stemcell's `image` file holds: a gzip'd tar with `root.img`. */
export const stemcellImage = async (rootImage: Buffer | string): Promise<Buffer> =>
  gzipSync(await tar([{ name: 'root.img' }, rootImage]))

/** Runs the work with the path of a file of this content, which is gone afterwards. */
export async function withFile<R>(content: Buffer, work: (path: string) => Promise<R>): Promise<R> {
  const path = join(tmpdir(), `stemcell-${randomUUID()}`)
  await writeFile(path, content)
  try {
    return await work(path)
  } finally {
    await rm(path)
  }
}
