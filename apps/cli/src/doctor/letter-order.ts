/** A volume on a server, as Cinder records its attachment. */
export interface LetteredDisk {
  readonly volumeId: string
  /** For example `/dev/vdb`. */
  readonly device: string | null
  /** When it was attached, as text that sorts by time. */
  readonly attachedAt: string
}

/** Why Nova's letter of a volume and the guest's may differ. */
export interface UnreliableLetter {
  readonly volumeId: string
  readonly device: string
  /** `gap`: a letter before it is free. `order`: a disk with an earlier letter was attached later. */
  readonly reason: 'gap' | 'order'
}

const virtioBlkDisk = /^\/dev\/vd([a-z])$/

/**
 * The virtio disks of a server for which the guest can have another letter than Nova says. The guest's kernel counts by
 * place on the bus without gaps at each boot, and gives a disk that is attached the first free letter; Nova keeps the
 * letter of each disk.
 * @param localDisks how many disks Nova puts before the first volume (root, ephemeral, swap, config drive); undefined
 *   when not known: then only the volumes are compared with each other
 */
export function disksWithUnreliableLetters(
  disks: readonly LetteredDisk[],
  localDisks: number | undefined,
): readonly UnreliableLetter[] {
  const lettered = disks
    .flatMap(({ volumeId, device, attachedAt }) => {
      const letter = virtioBlkDisk.exec(device ?? '')?.[1]
      return device === null || letter === undefined
        ? []
        : [{ volumeId, device, attachedAt, position: positionOf(letter) }]
    })
    .toSorted((a, b) => a.position - b.position)
  const [first] = lettered
  if (first === undefined) return []
  let expected =
    localDisks === undefined || first.position === 0 ? first.position : Math.min(localDisks, first.position)
  let latest = ''
  return lettered.flatMap(({ volumeId, device, attachedAt, position }): UnreliableLetter[] => {
    const hasGap = position > expected
    const isOutOfOrder = attachedAt < latest
    expected = hasGap ? expected + 1 : position + 1
    if (attachedAt > latest) latest = attachedAt
    // The root disk of a server that boots from a volume comes before its local disks.
    if (position === 0 && localDisks !== undefined) expected = localDisks
    if (hasGap) return [{ volumeId, device, reason: 'gap' }]
    return isOutOfOrder ? [{ volumeId, device, reason: 'order' }] : []
  })
}

/** 0 for a. */
const positionOf = (letter: string): number => letter.charCodeAt(0) - 'a'.charCodeAt(0)
