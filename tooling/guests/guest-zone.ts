import { setTimeout as wait } from 'node:timers/promises'
import { type CreatedVm, createVmArguments, manualNetwork, type VmParams } from '@openstack-cpi/harness/create-vm'
import type { Director } from '@openstack-cpi/harness/director'
import { bootingStemcellProperties, type DiskBus, writeBootingStemcell } from '@openstack-cpi/harness/stemcell'
import { SuiteCloud } from '@openstack-cpi/harness/suite-cloud'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { Guest } from './guest.ts'
import { type ConfigDrivePresentation, descriptionFile, presentConfigDrivesAs } from './guest-host.ts'

type Properties = Readonly<Record<string, unknown>>

/** Default: a raw stemcell on a virtio bus, flavor `g1.tiny`, one manual network on `guest-net`. */
export interface GuestOptions extends Partial<VmParams> {
  readonly bus?: DiskBus
  readonly format?: 'raw' | 'qcow2'
  /** Laid over the `openstack` section of the CPI's configuration. */
  readonly openstack?: Properties
  /** Give the VM a config drive, and tell the CPI that it is presented like this. Default: none. */
  readonly configDrive?: ConfigDrivePresentation | undefined
}

/** A VM, and its networks as `create_vm` answered them. */
export type CreatedGuest = Awaited<ReturnType<GuestZone['createGuest']>>

/** The guest host's zone, as one test file uses it. */
export class GuestZone extends SuiteCloud {
  /** Of the hosts whose servers really boot: their availability zone, and the router of their networks. */
  readonly zone: string
  readonly #router: string
  readonly #undo: (() => Promise<unknown>)[] = []
  readonly #stemcells = new Map<string, Promise<string>>()
  #lastAddress = 9

  private constructor({ cloud, view, folder }: SuiteCloud) {
    super(cloud, view, folder)
    if (!cloud.guests) throw new Error(`${descriptionFile} describes no guests`)
    this.zone = cloud.guests.zone
    this.#router = cloud.guests.router.id
  }

  static override async open(): Promise<GuestZone> {
    return new GuestZone(await SuiteCloud.open(descriptionFile))
  }

  /** A director whose CPI waits long enough for a guest that boots without KVM on a busy machine. */
  director(openstack: Properties = {}): Promise<Director> {
    return this.directorWith({ openstack: { state_timeout: 600, ...openstack } })
  }

  /** An address of `guest-net` that no test has used yet; test files that run side by side have other ones. */
  nextAddress(): string {
    this.#lastAddress++
    return `10.60.${process.env['VITEST_POOL_ID'] ?? 1}.${this.#lastAddress}`
  }

  /** A manual network; the address decides which subnet of the network it is on. */
  manualNetwork(name: string, ip: string, more: Properties = {}) {
    return manualNetwork(this.cloud, name, ip, more)
  }

  /** Uploads the booting stemcell, once for each bus and format in a file. */
  #stemcell(bus: DiskBus, format: 'raw' | 'qcow2'): Promise<string> {
    const upload = async () => {
      const director = await this.director()
      const image = await writeBootingStemcell(this.folder, inject('rootDisks')[format])
      return String(await director.ask('create_stemcell', [image, bootingStemcellProperties(format, bus)]))
    }
    const key = `${bus} ${format}`
    const stemcell = this.#stemcells.get(key) ?? upload()
    this.#stemcells.set(key, stemcell)
    return stemcell
  }

  /** The director and the arguments of a `create_vm`. */
  async #prepare({ bus = 'virtio', format = 'raw', configDrive, ...options }: GuestOptions) {
    const director = await this.director({ ...options.openstack, ...(configDrive && { config_drive: configDrive }) })
    const args = createVmArguments(this.cloud, {
      agent: `agent-${process.env['VITEST_POOL_ID'] ?? 1}-${this.#lastAddress}`,
      networks: options.networks ?? { private: this.manualNetwork('guest-net', this.nextAddress()) },
      env: { bosh: { group: 'director-guests-web' } },
      ...options,
      stemcell: await this.#stemcell(bus, format),
      properties: { instance_type: 'g1.tiny', availability_zone: this.zone, ...options.properties },
    })
    return { director, args }
  }

  /** Creates a VM; it is deleted after the test unless the test has deleted it. */
  async createGuest(options: GuestOptions = {}) {
    const { director, args } = await this.#prepare(options)
    const [vm, networks] = (await director.ask('create_vm', args)) as CreatedVm // API version 3
    this.#undo.push(() => director.ask('delete_vm', [vm]))
    const guest = new Guest({ serverId: vm, address: await this.addressOf(vm), view: this.view, router: this.#router })
    return { guest, vm, director, networks }
  }

  /**
   * Starts `create_vm` and kills its process, as the kernel does when memory runs out, once `reached` says so; rejects
   * when the call ends before.
   */
  async killCreate(options: GuestOptions, reached: () => Promise<boolean>): Promise<void> {
    const { director, args } = await this.#prepare(options)
    const { promise: pid, resolve: onSpawn } = Promise.withResolvers<number>()
    const ended = director.call('create_vm', args, { onSpawn }).then(
      () => 'answered',
      () => 'ended without an answer',
    )
    let state = 'running'
    while (state === 'running' && !(await reached())) {
      state = await Promise.race([ended, wait(100, 'running')]) // another process: the cloud is the only sign it gives
    }
    if (state === 'running') process.kill(await pid, 'SIGKILL')
    if (state !== 'running' || (await ended) === 'answered')
      throw new Error('create_vm ended before it could be killed')
  }

  /** Creates a disk of 1 GiB for a VM; it is deleted after the test, after the VMs. */
  async createDisk(director: Director, vm: string): Promise<string> {
    const cid = String(await director.ask('create_disk', [1024, {}, vm]))
    this.#undo.unshift(() => director.ask('delete_disk', [cid]))
    return cid
  }

  /** Makes a volume of a snapshot, with the tenant's own rights; it is deleted after the test. */
  async volumeOf(snapshot: string): Promise<string> {
    const fields = { snapshot_id: snapshot, availability_zone: this.zone }
    const cid = await this.view.create('volumev3', 'volumes', 'volume', fields)
    const director = await this.director()
    this.#undo.unshift(() => director.ask('delete_disk', [cid]))
    return cid
  }

  /** The server's IPv4 address, by Neutron's words. */
  async addressOf(vm: string): Promise<string> {
    const ports = await this.view.portsOf(vm)
    const addresses = ports.flatMap((port) => port['fixed_ips'] as { ip_address: string }[])
    const address = addresses.find(({ ip_address }) => !ip_address.includes(':'))?.ip_address
    if (address === undefined) throw new Error(`server ${vm} has no IPv4 address`)
    return address
  }

  /** Removes what a test made; VMs first, then disks. Every step is tried; the first error is thrown at the end. */
  async cleanUp(): Promise<void> {
    const errors: unknown[] = []
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) await undo().catch((error) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }

  /** Deletes the stemcells. */
  override async close(): Promise<void> {
    const director = await this.director()
    for (const stemcell of this.#stemcells.values()) await director.ask('delete_stemcell', [await stemcell])
    await super.close()
  }
}

/**
 * Gives a test file the zone. Nova presents the config drives of all servers of a host in one way, so files that need
 * different ones are in different groups of vitest.config.ts.
 */
export function useGuestZone(configDrives: ConfigDrivePresentation = 'cdrom'): () => GuestZone {
  let zone: GuestZone | undefined
  beforeAll(async () => {
    zone = await GuestZone.open()
    await presentConfigDrivesAs(configDrives)
  })
  afterEach(async () => zone?.cleanUp())
  afterAll(async () => zone?.close())
  return () => {
    if (!zone) throw new Error('the guest zone exists only inside tests')
    return zone
  }
}
