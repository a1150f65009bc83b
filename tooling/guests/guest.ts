import { setTimeout as wait } from 'node:timers/promises'
import type { TenantView } from '@openstack-cpi/harness/tenant'
import { z } from 'zod/mini'
import type { GuestHost } from './guest-host.ts'
import {
  ConsoleLog,
  type FoundDisk,
  foundDiskSchema,
  type Report,
  reportsByTopic,
  type Topic,
} from './guest-reports.ts'

/** QEMU without KVM on a busy machine boots in minutes; a failure is told by the console long before. */
const bootTimeoutMs = 600_000
const pollIntervalMs = 2_000

/** One boot of a guest, over: what it reported. */
export class Boot {
  readonly number: number
  readonly #log: ConsoleLog

  constructor(number: number, log: ConsoleLog) {
    this.number = number
    this.#log = log
  }

  /** What the guest reported of its disks and settings, in one line. */
  get summary(): string {
    const { root_disk: root } = this.one('disks')
    const [drive, settings] = [this.all('config_drive')[0]?.device, this.all('settings')[0]?.source]
    const addresses = this.all('network').map(({ name, nic, addresses: list }) => `${name} ${nic} ${list?.join(' ')}`)
    const ephemeral = this.all('ephemeral_disk').map((found) => `ephemeral ${foundAs(found)}`)
    const persistent = this.all('persistent_disk').map(foundAs)
    const facts = [`root ${root}`, drive && `config drive ${drive}`, settings && `settings from ${settings}`]
    return `boot ${this.number}: ${[...facts, ...addresses, ...ephemeral, ...persistent].filter(Boolean).join('; ')}`
  }

  /** All reports of a topic. */
  all<T extends Topic>(topic: T): readonly Report<T>[] {
    return this.#log.of(topic, this.number)
  }

  /** The only report of a topic. */
  one<T extends Topic>(topic: T): Report<T> {
    const [report, ...others] = this.all(topic)
    if (report === undefined || others.length > 0) {
      throw new Error(`boot ${this.number}: ${others.length + (report ? 1 : 0)} reports of ${topic} instead of one`)
    }
    return report
  }
}

function foundAs({ cid, hint, device, found_by: by, mark, is_root: isRoot }: FoundDisk): string {
  const content = isRoot ? 'the root disk' : mark ? `disk ${mark}` : 'blank'
  return `${cid} by ${hint}: ${device === null ? 'not found' : `${device} (by ${by}), ${content}`}`.trim()
}

export interface GuestConnection {
  readonly serverId: string
  /** IPv4 or IPv6 address at which the guest answers calls. */
  readonly address: string
  readonly view: TenantView
  readonly host: GuestHost
  /** Takes what the guest said, for the report of the suite. */
  readonly note: (words: string) => void
}

/** A booted server, seen through its console, and called at its address as a director calls the agent. */
export class Guest {
  readonly serverId: string
  readonly #view: TenantView
  readonly #host: GuestHost
  readonly #address: string
  readonly #note: (words: string) => void

  constructor(options: GuestConnection) {
    this.#note = options.note
    this.serverId = options.serverId
    this.#address = options.address
    this.#view = options.view
    this.#host = options.host
  }

  /** The console log as Nova shows it to the tenant: the last 100 KiB since the virtual machine started. */
  async console(): Promise<string> {
    const { status, body } = await this.#view.request('POST', 'compute', `servers/${this.serverId}/action`, {
      'os-getConsoleOutput': {},
    })
    if (status !== 200) throw new Error(`console of server ${this.serverId}: HTTP ${status} ${JSON.stringify(body)}`)
    return z.parse(z.object({ output: z.string() }), body).output
  }

  /** Waits until the guest has finished boot `number` (from 1) or a later one; each boot before it has its own time. */
  async ready(number: number): Promise<Boot> {
    let deadline = 0
    let seen = -1
    for (;;) {
      const text = await this.console()
      const log = new ConsoleLog(text)
      const latest = log.boots.at(-1) ?? 0
      if (latest !== seen) deadline = performance.now() + bootTimeoutMs
      seen = latest
      if (log.readyBoot >= number) {
        const boot = new Boot(log.readyBoot, log)
        this.#note(boot.summary)
        return boot
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
    const log = new ConsoleLog(await this.console())
    return log.boots.map((number) => new Boot(number, log))
  }

  /** As a director tells the agent after `attach_disk`: the guest finds the disk, and marks it when it is blank. */
  async addPersistentDisk(cid: string, hint: unknown): Promise<FoundDisk> {
    const found = z.parse(foundDiskSchema, await this.call('add_persistent_disk', [cid, hint]))
    this.#note(`added ${foundAs(found)}${found.written ? ' (was blank)' : ''}`)
    return found
  }

  /** As a director tells the agent before `detach_disk`. */
  async removePersistentDisk(cid: string): Promise<void> {
    await this.call('remove_persistent_disk', [cid])
  }

  /** All disks as the kernel and udev show them now. */
  async disks(): Promise<Report<'disks'>> {
    return z.parse(reportsByTopic.disks, await this.call('disks'))
  }

  /** The same guest, called at another of its addresses. */
  at(address: string): Guest {
    return new Guest({ serverId: this.serverId, address, view: this.#view, host: this.#host, note: this.#note })
  }

  /** Makes the guest boot `count` times by itself; all but the last boot only report disks. */
  async bootAgain(count: number): Promise<void> {
    await this.call('boot_again', [count])
  }

  async call(method: string, args: readonly unknown[] = []): Promise<unknown> {
    return JSON.parse(await this.#host.post(this.#address, 'cgi-bin/call', { method, arguments: args }))
  }
}
