import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { FakeWithParts } from '../fake-openstack.ts'
import { type CloudDescription, type CloudListeners, describeCloud } from '../seed/description.ts'
import { cloudsYaml, exportLines } from './environment.ts'

/** Where the files about a running cloud go. */
export interface CloudFiles {
  /** The cloud description. */
  description: string
  privateKey: string
  publicKey: string
  cloudsYaml: string | null
  openrc: string | null
}

/** Only the description, with the key pair beside it. */
export const readyFile = (file: string): CloudFiles => {
  const path = resolve(file)
  const base = path.replace(/\.json$/, '')
  return {
    description: path,
    privateKey: `${base}.pem`,
    publicKey: `${base}.pem.pub`,
    cloudsYaml: null,
    openrc: null,
  }
}

/** A folder with everything: `fixtures.json`, `clouds.yaml`, `openrc` and the key pair. */
export const stateFolder = (folder: string): CloudFiles => ({
  description: join(resolve(folder), 'fixtures.json'),
  privateKey: join(resolve(folder), 'bosh.pem'),
  publicKey: join(resolve(folder), 'bosh.pem.pub'),
  cloudsYaml: join(resolve(folder), 'clouds.yaml'),
  openrc: join(resolve(folder), 'openrc'),
})

/** Writes the files of a cloud that listens; the description last, so that its presence means ready. */
export const writeCloudFiles = async (
  cloud: FakeWithParts,
  listeners: CloudListeners,
  files: CloudFiles,
  keypair: { privateKey: string; publicKey: string },
): Promise<CloudDescription> => {
  const description = describeCloud(cloud.context, cloud.seed, listeners, files)
  await mkdir(dirname(files.description), { recursive: true })
  await writeFile(files.privateKey, keypair.privateKey, { mode: 0o600 })
  await writeFile(files.publicKey, `${keypair.publicKey}\n`)
  if (files.cloudsYaml !== null) await writeFile(files.cloudsYaml, cloudsYaml(description))
  if (files.openrc !== null) await writeFile(files.openrc, exportLines(description))
  await writeWhole(files.description, `${JSON.stringify(description, null, 2)}\n`)
  return description
}

/** Writes a file atomically: no reader sees half of it. */
export const writeWhole = async (file: string, content: string): Promise<void> => {
  const draft = `${file}.new`
  await writeFile(draft, content)
  await rename(draft, file)
}
