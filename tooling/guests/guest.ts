import { setTimeout as wait } from 'node:timers/promises'
import type { TenantView } from '@openstack-cpi/harness/tenant'
import { z } from 'zod/mini'
import { postToGuest } from './guest-host.ts'
import { type Boot, bootsIn, foundDisk, type Report, reportsByTopic } from './guest-reports.ts'

/** QEMU without KVM on a busy machine boots in minutes; a failure is told by the console long before. */
const bootTimeoutMs = 600_000
const pollIntervalMs = 2_000

interface GuestConnection {
  readonly serverId: string
  /** IPv4 or IPv6 address at which the guest answers calls. */
  readonly address: string
  readonly view: TenantView
  /** Id of the router of the guests' networks. */
  readonly router: string
}

/** A booted server, seen through its console, and called at its address as a director calls the agent. */
export class Guest {
  readonly serverId: string
  readonly #connection: GuestConnection

  constructor(connection: GuestConnection) {
    this.serverId = connection.serverId
    this.#connection = connection
  }

  /** The console log as Nova shows it to the tenant: the last 100 KiB since the virtual machine started. */
  async #console(): Promise<string> {
    const path = `servers/${this.serverId}/action`
    const { status, body } = await this.#connection.view.request('POST', 'compute', path, { 'os-getConsoleOutput': {} })
    if (status !== 200) throw new Error(`console of server ${this.serverId}: HTTP ${status} ${JSON.stringify(body)}`)
    return z.parse(z.object({ output: z.string() }), body).output
  }

  /** Waits until the guest has finished boot `number` (from 1) or a later one; each boot before it has its own time. */
  async ready(number: number): Promise<Boot> {
    let deadline = 0
    let seen: number | undefined = -1
    for (;;) {
      const text = await this.#console()
      const boots = bootsIn(text)
      const latest = boots.at(-1)?.number
      if (latest !== seen) deadline = performance.now() + bootTimeoutMs
      seen = latest
      const ready = boots.findLast(({ isReady }) => isReady)
      if (ready && ready.number >= number) {
        console.log(ready.lines.map((line) => JSON.stringify(line)).join('\n'))
        return ready
      }
      if (performance.now() > deadline) {
        throw new Error(
          `server ${this.serverId} has not finished boot ${number}. Its console ends with:\n${text.slice(-3000)}`,
        )
      }
      await wait(pollIntervalMs) // another machine: its console is the only sign it gives
    }
  }

  /** Every boot in the console log, in order. */
  async boots(): Promise<readonly Boot[]> {
    return bootsIn(await this.#console())
  }

  /** As a director tells the agent after `attach_disk`: the guest finds the disk, and marks it when it is blank. */
  async addPersistentDisk(cid: string, hint: unknown): Promise<Report<'persistent_disk'>> {
    const found = await this.call('add_persistent_disk', [cid, hint])
    console.log(`added ${JSON.stringify(found)}`)
    return z.parse(foundDisk, found)
  }

  /** All disks as the kernel and udev show them now. */
  async disks(): Promise<Report<'disks'>> {
    return z.parse(reportsByTopic.disks, await this.call('disks'))
  }

  /** The same guest, called at another of its addresses. */
  at(address: string): Guest {
    return new Guest({ ...this.#connection, address })
  }

  /**
   * Calls the guest as a director calls the agent. `boot_again N` makes it boot N times by itself; all but the last boot
   * only report disks.
   */
  async call(method: string, args: readonly unknown[] = []): Promise<unknown> {
    const { router, address } = this.#connection
    return JSON.parse(await postToGuest(router, address, 'cgi-bin/call', { method, arguments: args }))
  }
}
