import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { stemcellCloudProperties } from '@openstack-cpi/harness/stemcell'
import { pack } from 'tar-stream'

/** The `image` file of a heavy stemcell with a given root disk. */
export async function writeBootingStemcell(folder: string, rootDisk: string): Promise<string> {
  const file = join(folder, 'image')
  const tar = pack()
  const { size } = await stat(rootDisk)
  const filled = pipeline(createReadStream(rootDisk), tar.entry({ name: 'root.img', size, mode: 0o644 })).then(() =>
    tar.finalize(),
  )
  await Promise.all([filled, pipeline(tar, createGzip({ level: 1 }), createWriteStream(file))])
  return file
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
