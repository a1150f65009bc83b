import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Path of a program of the guest host. */
export const hostProgram = (name: string): string =>
  fileURLToPath(new URL(`../reference-cloud/guests/${name}`, import.meta.url))

/** Path of the zone's cloud description file; it exists while the host is up. */
export const descriptionFile = join(
  process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud',
  'guests/fixtures.json',
)

/** How a server is shown its config drive. */
export type ConfigDrivePresentation = 'disk' | 'cdrom'

/** With the limit of time in seconds to follow. */
const curl = ['curl', '--silent', '--show-error', '--fail', '--max-time'] as const

/** Runs a command in the host's namespaces; returns its standard output. */
async function inHost(...command: readonly string[]): Promise<string> {
  return (await execute(hostProgram('in-host'), command)).stdout
}

/** How Nova presents the config drives of servers that are created from now on. */
export async function presentConfigDrivesAs(presentation: ConfigDrivePresentation): Promise<void> {
  await execute(hostProgram('config-drive'), [presentation === 'disk' ? 'vfat' : 'iso9660'])
}

/** Posts a JSON body to a guest's address, from the router of the guests' networks. */
export function postToGuest(router: string, address: string, path: string, body: unknown): Promise<string> {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:6868/${path}`
  return inHost('ip', 'netns', 'exec', `qrouter-${router}`, ...curl, '120', '--data', JSON.stringify(body), url)
}

/** The page that a guest shows at an address of the external network: what an outside client sees. */
export const fetchFromOutside = (address: string): Promise<string> => inHost(...curl, '60', `http://${address}:6868/`)

/** Kills the process of a server's virtual machine, as the kernel does when the host runs out of memory. */
export async function killVirtualMachine(serverId: string): Promise<void> {
  const name = (await inHost('virsh', '-q', 'domname', serverId)).trim()
  const pid = Number(await inHost('cat', `/run/libvirt/qemu/${name}.pid`))
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`libvirt has no process for server ${serverId}`)
  process.kill(pid, 'SIGKILL')
}
