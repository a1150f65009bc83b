import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { stringify } from 'yaml'

/** Cloud properties as the manifest of an OpenStack stemcell carries them (contract §9). */
export const stemcellCloudProperties = {
  name: 'bosh-openstack-kvm-tiny',
  version: '1.0',
  infrastructure: 'openstack',
  hypervisor: 'kvm',
  disk: 1024,
  disk_format: 'raw',
  container_format: 'bare',
  os_type: 'linux',
  os_distro: 'ubuntu',
  architecture: 'x86_64',
  auto_disk_config: true,
} as const

const MiB = 1024 * 1024

const manifest = stringify({
  name: 'bosh-openstack-kvm-tiny',
  version: '1.0',
  api_version: 3,
  bosh_protocol: 1,
  stemcell_formats: ['openstack-raw'],
  operating_system: 'ubuntu-tiny',
  cloud_properties: stemcellCloudProperties,
})

/**
 * Writes the `image` file of a heavy stemcell: a gzip'd tar with `root.img`, and `stemcell.MF` beside it. The root
 * image is a raw disk of `sizeMiB`: a boot sector with one partition, then zeros.
 */
export async function writeStemcellImage(folder: string, sizeMiB = 1): Promise<string> {
  const chunk = Buffer.alloc(MiB)
  const root = Readable.from([bootSector(sizeMiB), ...Array.from({ length: sizeMiB - 1 }, () => chunk)])
  return packImage(join(folder, `image-${sizeMiB}`), root, sizeMiB * MiB)
}

/** The `image` file of a heavy stemcell with a given root disk. */
export async function writeBootingStemcell(folder: string, rootDisk: string): Promise<string> {
  return packImage(join(folder, 'image'), createReadStream(rootDisk), (await stat(rootDisk)).size)
}

async function packImage(file: string, root: Readable, size: number): Promise<string> {
  const tar = pack()
  tar.entry({ name: 'stemcell.MF' }, manifest)
  const filled = pipeline(root, tar.entry({ name: 'root.img', size })).then(() => tar.finalize())
  await Promise.all([filled, pipeline(tar, createGzip({ level: 1, chunkSize: 1 << 18 }), createWriteStream(file))])
  return file
}

/**
 * The first MiB of a disk of `sizeMiB`: a master boot record whose one partition is the rest of the disk. Glance
 * inspects uploads since 2025.1 and takes a signature without a partition for no disk at all.
 */
function bootSector(sizeMiB: number): Buffer {
  const sector = Buffer.alloc(MiB)
  const partition = 446
  const firstSector = 2048
  sector.writeUInt8(0x80, partition) // bootable
  sector.writeUInt8(0x83, partition + 4) // Linux
  sector.writeUInt32LE(firstSector, partition + 8)
  sector.writeUInt32LE(Math.max(1, sizeMiB * 2048 - firstSector), partition + 12) // sectors of 512 bytes
  sector.writeUInt16BE(0x55aa, 510)
  return sector
}

export type DiskBus = 'virtio' | 'scsi'

/** Cloud properties of the booting stemcell, for one format and one disk bus. */
export function bootingStemcellProperties(format: 'raw' | 'qcow2', bus: DiskBus): Readonly<Record<string, unknown>> {
  return {
    ...stemcellCloudProperties,
    name: `bosh-openstack-guest-${bus}-${format}`,
    disk_format: format,
    hypervisor: 'qemu',
    ...(bus === 'scsi' ? { hw_disk_bus: 'scsi', hw_scsi_model: 'virtio-scsi' } : { hw_disk_bus: 'virtio' }),
  }
}
