import { existsSync } from 'node:fs'
import { access, constants, readFile, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { Snapshot } from '../cloud-interface.ts'
import { createFakeWithParts, type FakeWithParts } from '../fake-openstack.ts'
import { type CloudListeners, describeCloud } from '../seed/description.ts'
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
  tlsCert?: string
  tlsKey?: string
  tlsCa?: string
  tlsPort: string
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
  const cloud = createFakeWithParts(await cloudOptions(flags, keypair?.publicKey))
  if (flags.state !== undefined) await load(cloud, flags.state)
  // One of an earlier run would say "ready" before the cloud is.
  for (const { description } of targets) await rm(description, { force: true })
  const certificate = await readCertificate(flags)
  const { stopped } = terminal // from here on: a reader of the ready file may stop the server immediately
  try {
    const listeners = await openListeners(cloud, flags, certificate)
    if (keypair) for (const files of targets) await writeCloudFiles(cloud, listeners, files, keypair)
    announce(cloud, listeners, flags, terminal)
    await stopped
  } finally {
    // An open port would keep the process alive after a failure.
    await cloud.close()
  }
  if (flags.state !== undefined) await writeWhole(flags.state, `${JSON.stringify(cloud.snapshot(), null, 2)}\n`)
}

type Certificate = { cert: Buffer; key: Buffer }

const openListeners = async (
  cloud: FakeWithParts,
  flags: ServeFlags,
  certificate: Certificate | undefined,
): Promise<CloudListeners> => {
  const { url } = await listen(cloud, '--port', flags.port)
  if (!certificate) return { url }
  const tls = await listen(cloud, '--tls-port', flags.tlsPort, certificate)
  return { url, tls: { url: tls.url, caFile: flags.tlsCa === undefined ? null : resolve(flags.tlsCa) } }
}

const noFiles: Pick<CloudFiles, 'cloudsYaml' | 'openrc'> & { privateKey: null; publicKey: null } = {
  cloudsYaml: null,
  openrc: null,
  privateKey: null,
  publicKey: null,
}

const announce = (cloud: FakeWithParts, listeners: CloudListeners, flags: ServeFlags, terminal: Terminal): void => {
  if (flags.env || flags.cloudsYaml) {
    const description = describeCloud(cloud.context, cloud.seed, listeners, noFiles)
    if (flags.env) terminal.write(exportLines(description))
    if (flags.cloudsYaml) terminal.write(cloudsYaml(description))
  } else if (!flags.quiet) {
    terminal.write(terminal.isTty ? banner(cloud, listeners) : `${listeners.url}\n`)
  }
}

/** Loads the snapshot if it is there. Where none can be saved later is said now, not when the state is lost. */
const load = async (cloud: FakeWithParts, file: string): Promise<void> => {
  try {
    await access(dirname(resolve(file)), constants.W_OK)
  } catch (error) {
    throw new CliError(`--state: nothing can be written to ${dirname(resolve(file))}`, { cause: error })
  }
  if (!existsSync(file)) return
  try {
    cloud.restore(JSON.parse(await readFile(file, 'utf8')) as Snapshot) // `restore` checks version and kinds
  } catch (error) {
    throw new CliError(
      `--state ${file} is no snapshot of this cloud: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** Certificate and key of the TLS listener, when one is asked for. */
const readCertificate = async ({ tlsCert, tlsKey, tlsCa, tlsPort }: ServeFlags): Promise<Certificate | undefined> => {
  if (tlsCert === undefined || tlsKey === undefined) {
    if (tlsCert === tlsKey && tlsCa === undefined && tlsPort === '0') return undefined
    throw new CliError('a TLS listener needs both --tls-cert and --tls-key')
  }
  const read = async (flag: string, file: string): Promise<Buffer> => {
    if (!existsSync(file)) throw new CliError(`${flag}: there is no file ${file}`)
    return readFile(file)
  }
  if (tlsCa !== undefined) await read('--tls-ca', tlsCa)
  const tls = { cert: await read('--tls-cert', tlsCert), key: await read('--tls-key', tlsKey) }
  try {
    createSecureContext(tls)
  } catch (error) {
    throw new CliError(`--tls-cert and --tls-key: ${error instanceof Error ? error.message : error}`)
  }
  return tls
}

const listen = async (cloud: FakeWithParts, flag: string, text: string, tls?: Certificate) => {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CliError(`${flag} wants 0 to 65535, not ${text}`)
  try {
    return await cloud.listen({ port, ...(tls ? { tls } : {}) })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const holder = await portHolder(port)
    throw new CliError(
      `Port ${port} is taken${holder ? ` by ${holder}` : ''}. Choose another, or ${flag} 0 for any free one.`,
    )
  }
}
