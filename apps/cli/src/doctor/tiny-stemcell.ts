import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'

const rootBytes = 1024 * 1024

/** What a manifest would say of it. */
export const tinyStemcellProperties = {
  name: 'openstack-cpi-doctor',
  version: '1',
  disk_format: 'raw',
  container_format: 'bare',
  os_type: 'linux',
  architecture: 'x86_64',
} as const

/** Writes the `image` of a stemcell that uploads like any other and boots nothing: 1 MiB of zeros. */
export async function writeTinyStemcell(file: string): Promise<void> {
  const tar = pack()
  tar.entry({ name: 'root.img' }, Buffer.alloc(rootBytes))
  tar.finalize()
  await pipeline(tar, createGzip(), createWriteStream(file, { mode: 0o600 }))
}
