import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCloudDescription } from './cloud-description.ts'

const executable = fileURLToPath(new URL('../../../node_modules/.bin/fake-openstack', import.meta.url))

const certificate = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/openstack-driver/test/tls/${name}`, import.meta.url))

/** Arguments that give the fake a TLS listener, with a certificate for 127.0.0.1 of an unknown authority. */
export const tlsListener: readonly string[] = [
  ...['--tls-cert', certificate('server.pem')],
  ...['--tls-key', certificate('server.key')],
  ...['--tls-ca', certificate('authority.pem')],
]

/** Starts `fake-openstack serve` on a free loopback port and waits until it is ready. */
export async function startFake(folder: string, args: readonly string[] = []) {
  const descriptionFile = join(folder, 'fake-cloud.json')
  const child = spawn(executable, ['serve', '--port', '0', '--ready-file', descriptionFile, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  await Promise.race([once(child.stdout, 'data'), exited]) // it writes its address when it is ready
  if (child.exitCode !== null) throw new Error(`fake-openstack ended with ${child.exitCode} before it was ready`)
  const description = await readCloudDescription(descriptionFile)
  /** Of the cloud, for the control API `/_fake/`. */
  const { origin } = new URL(description.auth_url)
  return { description, descriptionFile, origin, pid: child.pid, stop }
}

export type FakeProcess = Awaited<ReturnType<typeof startFake>>

/** The cloud that `OPENSTACK_FIXTURES` describes, else a fake of its own. */
export async function openCloud(
  folder: string,
  args: readonly string[] = [],
): Promise<Pick<FakeProcess, 'description' | 'descriptionFile' | 'stop'>> {
  const given = process.env['OPENSTACK_FIXTURES']
  if (!given) return await startFake(folder, args)
  return { description: await readCloudDescription(given), descriptionFile: given, stop: async () => undefined }
}
