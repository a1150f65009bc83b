import { createHash } from 'node:crypto'
import { type ContentFormat, contentFormat, inspectedBytes } from './content-format.ts'
import type { ImageRecord } from './records.ts'

/** What is known of an upload when it has ended. */
export interface Digest {
  size: number
  md5: string
  sha512: string
  /** Bytes of the disk inside, where the format says so. */
  virtualSize: number | null
  /** What the bytes are, whatever the image says. */
  content: ContentFormat
  /** The bytes themselves, when they are to be kept. */
  kept: Uint8Array | undefined
}

/** Reads an upload to its end: hashes and counts, and keeps the bytes only if asked. */
export const digest = async (
  body: AsyncIterable<Uint8Array> | null,
  format: ImageRecord['disk_format'],
  keep: boolean,
): Promise<Digest> => {
  const md5 = createHash('md5')
  const sha512 = createHash('sha512')
  const chunks: Uint8Array[] = []
  let head = Buffer.alloc(0)
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    md5.update(chunk)
    sha512.update(chunk)
    if (head.length < inspectedBytes) head = Buffer.concat([head, chunk.subarray(0, inspectedBytes)])
    if (keep) chunks.push(Uint8Array.from(chunk)) // a copy: the transport may reuse the chunk
  }
  return {
    size,
    md5: md5.digest('hex'),
    sha512: sha512.digest('hex'),
    virtualSize: virtualSizeOf(format, head, size),
    content: contentFormat(head),
    kept: keep ? Buffer.concat(chunks) : undefined,
  }
}

/** Raw images are as large as their file; qcow2 tells in its header (offset 24, big endian). */
const virtualSizeOf = (format: string | null, head: Buffer, size: number): number | null => {
  if (format === 'raw' || format === 'iso') return size
  const isQcow2 = head.length >= 32 && head.readUInt32BE(0) === 0x514649fb
  return format === 'qcow2' && isQcow2 ? Number(head.readBigUInt64BE(24)) : null
}
