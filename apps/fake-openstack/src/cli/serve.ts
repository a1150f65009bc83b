import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Snapshot } from '../cloud.ts'
import { createFakeOpenStack, type FakeOpenStack } from '../fake-openstack.ts'
import { describeCloud } from '../seed/description.ts'
import { banner } from './banner.ts'
import { CliError } from './cli-error.ts'
import { type CloudFiles, readyFile, stateFolder, writeCloudFiles, writeWhole } from './cloud-files.ts'
import { type CloudFlags, cloudOptions } from './cloud-options.ts'
import { cloudsYaml, exportLines } from './environment.ts'
import { portHolder } from './port-holder.ts'
import { newSshKeypair } from './ssh-keypair.ts'

export interface ServeFlags extends CloudFlags {
  port: string
  readyFile?: string
  directory?: string
  state?: string
  env?: boolean
  cloudsYaml?: boolean
  quiet?: boolean
}

/** What `serve` needs of the process. */
export interface Terminal {
  isTty: boolean
  write(text: string): void
  /** Resolves when the process is asked to stop. */
  stopped: Promise<void>
}

/** `fake-openstack serve`: serves a cloud until the process is asked to stop. */
export const serve = async (flags: ServeFlags, terminal: Terminal): Promise<void> => {
  const targets = [
    ...(flags.readyFile === undefined ? [] : [readyFile(flags.readyFile)]),
    ...(flags.directory === undefined ? [] : [stateFolder(flags.directory)]),
  ]
  const keypair = targets.length > 0 ? await newSshKeypair('bosh') : undefined
  const cloud = createFakeOpenStack(await cloudOptions(flags, keypair?.publicKey))
  if (flags.state !== undefined) await load(cloud, flags.state)
  const { url } = await listen(cloud, flags.port)
  if (keypair) for (const files of targets) await writeCloudFiles(cloud, url, files, keypair)
  announce(cloud, url, flags, terminal)
  await terminal.stopped
  await cloud.close()
  if (flags.state !== undefined) await writeWhole(flags.state, `${JSON.stringify(cloud.snapshot(), null, 2)}\n`)
}

const noFiles: Pick<CloudFiles, 'cloudsYaml' | 'openrc'> & { privateKey: null; publicKey: null } = {
  cloudsYaml: null,
  openrc: null,
  privateKey: null,
  publicKey: null,
}

const announce = (cloud: FakeOpenStack, url: string, flags: ServeFlags, terminal: Terminal): void => {
  if (flags.env || flags.cloudsYaml) {
    const description = describeCloud(cloud.world, cloud.seed, url, noFiles)
    if (flags.env) terminal.write(exportLines(description))
    if (flags.cloudsYaml) terminal.write(cloudsYaml(description))
  } else if (!flags.quiet) {
    terminal.write(terminal.isTty ? banner(cloud, url) : `${url}\n`)
  }
}

const load = async (cloud: FakeOpenStack, file: string): Promise<void> => {
  if (!existsSync(file)) return
  try {
    cloud.restore(JSON.parse(await readFile(file, 'utf8')) as Snapshot) // `restore` checks version and kinds
  } catch (error) {
    throw new CliError(
      `--state ${file} is no snapshot of this cloud: ${error instanceof Error ? error.message : error}`,
    )
  }
}

const listen = async (cloud: FakeOpenStack, text: string) => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CliError(`--port wants 0 to 65535, not ${text}`)
  try {
    return await cloud.listen({ port })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const holder = await portHolder(port)
    throw new CliError(
      `Port ${port} is taken${holder ? ` by ${holder}` : ''}. Choose another, or --port 0 for any free one.`,
    )
  }
}
