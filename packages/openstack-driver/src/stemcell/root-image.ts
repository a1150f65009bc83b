import { open } from 'node:fs/promises'
import type { TransformOptions } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, type ZlibOptions } from 'node:zlib'
import { CpiError, messageOf } from '@openstack-cpi/cpi-core'
import { type ExtractEvents, extract, type Header } from 'tar-stream'

/** What is read and unpacked at a time: each trip to the thread pool costs as much as unpacking some 10 KiB. */
const chunkBytes = 256 * 1024

/** Asks for more only when it is done with what it has: one buffer is enough for all that is read. */
const unpacking: ZlibOptions & TransformOptions = { chunkSize: chunkBytes, writableHighWaterMark: 1 }

/** The disk image inside a stemcell's `image` file, opened and not yet read. */
export interface RootImage {
  /** As the archive's header says; the data is checked against it. */
  readonly sizeBytes: number
  /**
   * The bytes, once. The last ones come only after the rest of the archive was read and found sound, so that what is
   * cut off, damaged or ambiguous never becomes a complete upload. Throws `CpiError`.
   */
  readonly data: AsyncIterable<Buffer>
  /**
   * Frees the memory of a piece of `data` that is sent. To be called for each, in their order, or for none: without it
   * hundreds of MiB can pile up before the garbage collector comes.
   */
  readonly release: (piece: Buffer) => void
  /** Closes the file. Harmless when everything was read. */
  close(): Promise<void>
}

/**
 * Finds `root.img` in a stemcell's `image` file, a gzip'd tar (contract §9; driver spec §7.2), reading no further than
 * to its header: what is wrong up to there shows before anything is made in the cloud. Memory use does not depend on
 * the image's size; nothing is written to disk.
 * @throws CpiError `CloudError` when the file is no gzip'd tar, or holds no usable `root.img`
 */
export async function openRootImage(path: string, signal: AbortSignal): Promise<RootImage> {
  await refuseOtherFormats(path)
  const closing = new AbortController()
  const tar = extract()
  const flow = pipeline(readInto(Buffer.alloc(chunkBytes), path), createGunzip(unpacking), tar, {
    signal: AbortSignal.any([signal, closing.signal]),
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  const entries = tar[Symbol.asyncIterator]()
  const archive: Archive = {
    path,
    entries,
    // The tar stream's own error only says that it was cut off; the pipeline knows the first cause.
    explain: async (error) => {
      if (error instanceof CpiError) return error
      closing.abort()
      return toCpiError(path, signal, error, await flow)
    },
    close: async () => {
      closing.abort()
      await flow
    },
  }
  try {
    const entry = await nextRootImage(archive)
    if (entry === undefined) {
      throw new CpiError('CloudError', `Root image is missing from stemcell archive: ${path} holds no file "root.img"`)
    }
    return { sizeBytes: entry.sizeBytes, data: readChecked(archive, entry), release, close: archive.close }
  } catch (error) {
    const explained = await archive.explain(error)
    await archive.close()
    throw explained
  }
}

/** The bytes of a file, piece by piece in the same buffer: each is to be used before the next is asked for. */
async function* readInto(buffer: Buffer, path: string): AsyncGenerator<Buffer, void, undefined> {
  await using file = await open(path, 'r')
  for (;;) {
    const { bytesRead } = await file.read(buffer)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** Gunzip fills one buffer after the other and hands it on in pieces: the last piece ends where its buffer ends. */
function release({ buffer, byteOffset, byteLength }: Buffer): void {
  const isOfGunzip = buffer instanceof ArrayBuffer && buffer.byteLength === chunkBytes
  if (isOfGunzip && byteOffset + byteLength === chunkBytes) buffer.transfer(0)
}

type Entry = ExtractEvents['entry'][1]

interface Archive {
  readonly path: string
  readonly entries: AsyncIterator<Entry>
  readonly explain: (error: unknown) => Promise<unknown>
  readonly close: () => Promise<void>
}

interface RootImageEntry {
  readonly sizeBytes: number
  readonly bytes: AsyncIterable<unknown>
}

/** Reads on to the next entry that is the root image; undefined at the archive's end. */
async function nextRootImage(archive: Archive): Promise<RootImageEntry | undefined> {
  for (;;) {
    const next = await archive.entries.next()
    if (next.done === true) return undefined
    const role = rootImageRole(next.value.header)
    if (role.is === 'refused') throw new CpiError('CloudError', `Stemcell archive ${archive.path}: ${role.reason}`)
    if (role.is === 'root-image') return { sizeBytes: role.sizeBytes, bytes: next.value }
    next.value.resume()
  }
}

async function* readChecked(archive: Archive, entry: RootImageEntry): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer | undefined
  let readBytes = 0
  try {
    for await (const chunk of entry.bytes) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('The tar reader gave no bytes')
      readBytes += chunk.byteLength
      if (held !== undefined) yield held
      held = chunk
    }
    if (readBytes !== entry.sizeBytes) {
      throw new Error(`root.img ends after ${readBytes} of ${entry.sizeBytes} bytes`)
    }
    if ((await nextRootImage(archive)) !== undefined) {
      throw new CpiError(
        'CloudError',
        `Stemcell archive ${archive.path} holds "root.img" twice: it is unclear which to use`,
      )
    }
    if (held !== undefined) yield held
  } catch (error) {
    throw await archive.explain(error)
  } finally {
    await archive.close()
  }
}

/** Names what the file is instead of a gzip'd tar, where its first bytes tell. */
async function refuseOtherFormats(path: string): Promise<void> {
  let start: Buffer
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
    start = buffer.subarray(0, bytesRead)
  } catch (error) {
    throw new CpiError(
      'CloudError',
      `Extracting stemcell root image failed: ${path} cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
  const is = (magic: readonly number[]) => magic.every((byte, at) => start[at] === byte)
  if (is([0x1f, 0x8b])) return
  const found =
    start.byteLength === 0
      ? 'is empty, and the cloud properties name no "image_id": only light stemcells come without an image'
      : is([0x51, 0x46, 0x49, 0xfb])
        ? 'is a bare qcow2 image, not a gzip-compressed tar archive with root.img inside'
        : 'is not a gzip-compressed tar archive with root.img inside'
  throw new CpiError('CloudError', `Extracting stemcell root image failed: ${path} ${found}`)
}

function toCpiError(path: string, signal: AbortSignal, seen: unknown, flowError: unknown): unknown {
  if (signal.aborted) return signal.reason
  const isOurAbort = flowError === undefined || (flowError instanceof Error && flowError.name === 'AbortError')
  const cause = isOurAbort ? seen : flowError
  return new CpiError(
    'CloudError',
    `Extracting stemcell root image failed: ${path} is damaged or cut off: ${messageOf(cause)}`,
    { cause },
  )
}

/** How an entry of a stemcell archive is used. */
type RootImageRole =
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
function rootImageRole(header: Header): RootImageRole {
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
