import type { ContentInspection } from './release-rules.ts'

/** What Glance recognises in the bytes of an image. */
export interface ContentFormat {
  /** As `disk_format` names it; `gpt` for a disk with a boot sector; `raw` for anything unknown. */
  readonly name: string
  /** The boot sector has an entry for a partition. */
  readonly hasPartitions: boolean
}

/** Enough of the beginning to find every signature: that of an ISO image is the last. */
export const inspectedBytes = 32_774

/** Offset and bytes of what an image of a format begins with. */
const signatures: readonly (readonly [format: string, offset: number, bytes: readonly number[]])[] = [
  ['qcow2', 0, [0x51, 0x46, 0x49, 0xfb]],
  ['qed', 0, [...Buffer.from('QED\0')]],
  ['vhd', 0, [...Buffer.from('conectix')]],
  ['vhdx', 0, [...Buffer.from('vhdxfile')]],
  ['vmdk', 0, [...Buffer.from('KDMV')]],
  ['luks', 0, [...Buffer.from('LUKS'), 0xba, 0xbe]],
  ['vdi', 64, [0x7f, 0x10, 0xda, 0xbe]],
  ['iso', 32_769, [...Buffer.from('CD001')]],
]

/** Formats that Glance can tell by their content; others (`ami`, `ploop`) may hold anything unknown. */
const inspectable = new Set(['raw', 'gpt', ...signatures.map(([format]) => format)])

const bootSector = { signatureAt: 510, partitionsAt: 446, partitionBytes: 16, partitions: 4, typeAt: 4 } as const

/** Recognises the beginning of an image as oslo.utils' format inspector does. */
export const contentFormat = (head: Uint8Array): ContentFormat => {
  const found = signatures.find(([, offset, bytes]) => bytes.every((byte, i) => head[offset + i] === byte))
  if (found !== undefined) return { name: found[0], hasPartitions: false }
  const { signatureAt, partitionsAt, partitionBytes, partitions, typeAt } = bootSector
  // A FAT file system has the same signature: two FATs on a fixed disk.
  const isFat = head[0x10] === 2 && head[0x15] === 0xf8
  if (head[signatureAt] !== 0x55 || head[signatureAt + 1] !== 0xaa || isFat) {
    return { name: 'raw', hasPartitions: false }
  }
  const types = Array.from({ length: partitions }, (_, i) => head[partitionsAt + i * partitionBytes + typeAt])
  return { name: 'gpt', hasPartitions: types.some((type) => type !== undefined && type !== 0) }
}

/** Why Glance refuses the content of an image; undefined when it takes it. */
export const contentProblem = (
  inspection: ContentInspection,
  diskFormat: string | null,
  found: ContentFormat,
): string | undefined => {
  if (inspection === 'none' || diskFormat === null) return undefined
  const isUnknown = found.name === 'raw' && !inspectable.has(diskFormat)
  if (diskFormat !== 'raw' && diskFormat !== found.name && !isUnknown) {
    return `Image disk_format ${diskFormat} does not match stream data ${found.name}`
  }
  if (inspection === 'format and partitions' && found.name === 'gpt' && !found.hasPartitions) {
    return 'Image failed safety checks'
  }
  return undefined
}
