import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod/mini'

const execute = promisify(execFile)
const scripts = fileURLToPath(new URL('../reference-cloud/guests/', import.meta.url))

/** The part of the zone's description file that other suites do not know. */
const guestsSection = z.object({
  guests: z.object({ zone: z.string(), router: z.object({ id: z.string(), name: z.string() }) }),
})

/** With the limit of time in seconds to follow. */
const curl = ['curl', '--silent', '--show-error', '--fail', '--max-time'] as const

/** How a server is shown its config drive. */
export type ConfigDrivePresentation = 'disk' | 'cdrom'

/** Exit code of a suite that this machine cannot run. */
export const skippedExitCode = 75

/** The reference cloud's host whose servers really boot: what is to be done there from outside of the guests. */
export class GuestHost {
  readonly zone: string
  readonly #router: string

  private constructor(zone: string, router: string) {
    this.zone = zone
    this.#router = router
  }

  /** Path of the zone's cloud description file; it exists while the host is up. */
  static get descriptionFile(): string {
    const state = process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'
    return join(state, 'guests/fixtures.json')
  }

  /** Whether the guest host answers. */
  static async isUp(): Promise<boolean> {
    if (!existsSync(GuestHost.descriptionFile)) return false
    try {
      await execute(join(scripts, 'in-host'), ['virsh', '-q', 'list'])
      return true
    } catch {
      return false // not running: its own message says so where somebody wants it up
    }
  }

  static async open(): Promise<GuestHost> {
    const description: unknown = JSON.parse(await readFile(GuestHost.descriptionFile, 'utf8'))
    const { zone, router } = z.parse(guestsSection, description).guests
    return new GuestHost(zone, router.id)
  }

  /** Runs a command in the host's namespaces; returns its standard output. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await execute(join(scripts, 'in-host'), [command, ...args])
    return stdout
  }

  /** How Nova presents the config drives of servers that are created from now on. */
  async presentConfigDrivesAs(presentation: ConfigDrivePresentation): Promise<void> {
    await execute(join(scripts, 'config-drive'), [presentation === 'disk' ? 'vfat' : 'iso9660'])
  }

  /** Posts a JSON body to a guest's address, from the router of the guests' networks. */
  async post(address: string, path: string, body: unknown): Promise<string> {
    const url = `http://${address.includes(':') ? `[${address}]` : address}:6868/${path}`
    const inRouter = ['netns', 'exec', `qrouter-${this.#router}`]
    return this.run('ip', ...inRouter, ...curl, '120', '--data', JSON.stringify(body), url)
  }

  /** The page that a guest shows at an address of the external network: what an outside client sees. */
  async fetchFromOutside(address: string): Promise<string> {
    const [command, ...options] = curl
    return this.run(command, ...options, '60', `http://${address}:6868/`)
  }

  /** Kills the process of a server's virtual machine, as the kernel does when the host runs out of memory. */
  async killVirtualMachine(serverId: string): Promise<void> {
    const name = (await this.run('virsh', '-q', 'domname', serverId)).trim()
    const pid = Number(await this.run('cat', `/run/libvirt/qemu/${name}.pid`))
    if (!Number.isInteger(pid) || pid <= 1) throw new Error(`libvirt has no process for server ${serverId}`)
    process.kill(pid, 'SIGKILL')
  }
}

/** What this machine lacks to run guests, in the words of the guest host's own check; undefined when it lacks nothing. */
export async function missingRequirements(): Promise<string | undefined> {
  try {
    await execute(join(scripts, 'requirements'))
    return undefined
  } catch (error) {
    const { code, stderr } = z.parse(z.object({ code: z.number(), stderr: z.string() }), error)
    if (code !== skippedExitCode) throw error
    return stderr.trim()
  }
}

/** Makes the root disks of the booting stemcell in a folder. */
export async function buildRootDisks(folder: string): Promise<{ readonly raw: string; readonly qcow2: string }> {
  await execute(join(scripts, 'stemcell/build'), [folder])
  return { raw: join(folder, 'root.img'), qcow2: join(folder, 'root.qcow2') }
}
