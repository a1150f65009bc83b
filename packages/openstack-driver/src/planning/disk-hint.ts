/** How `attach_disk` names a disk to the agent: by the volume's id where the guest shows it, or by a device letter. */
export type DiskHintForm = 'by-id' | 'letter'

const virtioBlkDisk = /^\/dev\/vd[a-z]+$/
const wholeDisk = /^\/dev\/(?:s|v|xv)d([a-z]+)$/
/** virtio-blk keeps this much of a disk's serial, which is the volume's id: VIRTIO specification, `VIRTIO_BLK_ID_BYTES`. */
const virtioSerialCharacters = 20

/**
 * The hint for the agent (driver spec §7.13, contract §8.2). A disk that Nova calls `/dev/vd…` is named by the link that
 * udev makes from its serial: Nova's letters follow the order of attachment, the guest's the place on the bus, and after
 * a detachment and a reboot they differ. Agents find SCSI disks by the volume's whole id, so the letter of those is a
 * last resort, as `/dev/sd<letters>`. Other devices are returned unchanged. Undefined when Nova names none.
 */
export function diskHint(volumeId: string, device: string | null | undefined, form: DiskHintForm): string | undefined {
  if (device === null || device === undefined || device === '') return undefined
  if (form === 'by-id' && virtioBlkDisk.test(device)) return virtioLink(volumeId)
  const letters = wholeDisk.exec(device)?.[1]
  return letters === undefined ? device : `/dev/sd${letters}`
}

function virtioLink(volumeId: string): string {
  return `/dev/disk/by-id/virtio-${volumeId.slice(0, virtioSerialCharacters)}`
}
