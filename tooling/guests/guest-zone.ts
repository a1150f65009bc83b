import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type CloudDescription, readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import { Director } from '@openstack-cpi/harness/director'
import { bootingStemcellProperties, type DiskBus, writeBootingStemcell } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest'
import { Guest } from './guest.ts'
import { type ConfigDrivePresentation, GuestHost } from './guest-host.ts'

export interface GuestOptions {
  /** Default `virtio`. */
  readonly bus?: DiskBus
  /** Default `raw`. */
  readonly format?: 'raw' | 'qcow2'
  /** Cloud properties of the VM type; the zone is added. Default: flavor `g1.tiny`. */
  readonly cloudProperties?: Readonly<Record<string, unknown>>
  /** Networks of the instance group. Default: one manual network on `guest-net`. */
  readonly networks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Laid over the `openstack` section of the CPI's configuration. */
  readonly openstack?: Readonly<Record<string, unknown>>
  /** Give the VM a config drive, and tell the CPI that it is presented like this. Default: none. */
  readonly configDrive?: ConfigDrivePresentation | undefined
  readonly env?: Readonly<Record<string, unknown>>
  /** Disks that `create_vm` is told of. */
  readonly disks?: readonly string[]
}

export interface CreatedGuest {
  readonly guest: Guest
  readonly vm: string
  readonly director: Director
  /** As `create_vm` answered. */
  readonly networks: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Ids. */
export type ZoneContent = Readonly<Record<'servers' | 'ports' | 'snapshots' | 'volumes', readonly string[]>>

/** The guest host's zone, as one test file uses it. */
export class GuestZone {
  readonly cloud: CloudDescription
  readonly view: TenantView
  readonly host: GuestHost
  readonly folder: string
  readonly #undo: (() => Promise<void>)[] = []
  readonly #stemcells = new Map<string, Promise<string>>()
  #lastAddress = 9
  /** Takes what guests say during the current test. */
  note: (words: string) => void = () => undefined

  private constructor(cloud: CloudDescription, view: TenantView, host: GuestHost, folder: string) {
    this.cloud = cloud
    this.view = view
    this.host = host
    this.folder = folder
  }

  static async open(): Promise<GuestZone> {
    const cloud = await readCloudDescription(GuestHost.descriptionFile)
    const view = await TenantView.login(cloud)
    const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-guests-'))
    return new GuestZone(cloud, view, await GuestHost.open(), folder)
  }

  /** A director whose CPI waits long enough for a guest that boots without KVM on a busy machine. */
  async director(openstack: Readonly<Record<string, unknown>> = {}): Promise<Director> {
    const configFile = await writeCpiConfig(this.folder, this.cloud, {
      openstack: { state_timeout: 600, ...openstack },
    })
    return new Director({ configFile })
  }

  /** An address of `guest-net` that no test has used yet; test files that run side by side have other ones. */
  nextAddress(): string {
    this.#lastAddress++
    return `10.60.${process.env['VITEST_POOL_ID'] ?? 1}.${this.#lastAddress}`
  }

  /** A manual network; the address decides which subnet of the network it is on. */
  manualNetwork(name: string, ip: string, more: Readonly<Record<string, unknown>> = {}) {
    return manualNetwork(this.cloud, name, ip, more)
  }

  /** Uploads the booting stemcell, once for each bus and format in a file. */
  stemcell(bus: DiskBus, format: 'raw' | 'qcow2'): Promise<string> {
    const key = `${bus} ${format}`
    const known = this.#stemcells.get(key)
    if (known) return known
    const uploaded = this.#upload(bus, format)
    this.#stemcells.set(key, uploaded)
    return uploaded
  }

  async #upload(bus: DiskBus, format: 'raw' | 'qcow2'): Promise<string> {
    const director = await this.director()
    const image = await writeBootingStemcell(this.folder, inject('rootDisks')[format])
    return String(await director.ask('create_stemcell', [image, bootingStemcellProperties(format, bus)]))
  }

  async #createArguments(options: GuestOptions): Promise<readonly unknown[]> {
    return [
      `agent-${process.env['VITEST_POOL_ID'] ?? 1}-${this.#lastAddress}`,
      await this.stemcell(options.bus ?? 'virtio', options.format ?? 'raw'),
      { instance_type: 'g1.tiny', availability_zone: this.host.zone, ...options.cloudProperties },
      options.networks ?? { private: this.manualNetwork('guest-net', this.nextAddress()) },
      options.disks ?? [],
      options.env ?? { bosh: { group: 'director-guests-web' } },
    ]
  }

  /** Creates a VM; it is deleted after the test unless the test has deleted it. */
  async createGuest(options: GuestOptions = {}): Promise<CreatedGuest> {
    const { configDrive } = options
    const director = await this.director({
      ...options.openstack,
      ...(configDrive ? { config_drive: configDrive } : {}),
    })
    const answer = await director.ask('create_vm', await this.#createArguments(options))
    const [vm, answered] = answer as [string, CreatedGuest['networks']] // API version 2 and up
    this.#undo.push(async () => void (await director.ask('delete_vm', [vm])))
    const address = await this.addressOf(vm)
    const note = (words: string) => this.note(words)
    const guest = new Guest({ serverId: vm, address, view: this.view, host: this.host, note })
    return { guest, vm, director, networks: answered }
  }

  /**
   * Starts `create_vm` and kills its process, as the kernel does when memory runs out, once `reached` says so; rejects
   * when the call ends before.
   */
  async killCreate(options: GuestOptions, reached: () => Promise<boolean>): Promise<void> {
    const director = await this.director(options.openstack)
    let pid: number | undefined
    const onSpawn = (child: number): void => {
      pid = child
    }
    const call = director.call('create_vm', await this.#createArguments(options), { onSpawn }).then(
      () => 'answered',
      () => 'ended without an answer',
    )
    for (let end = 'running'; end === 'running'; ) {
      if (pid !== undefined && (await reached())) {
        process.kill(pid, 'SIGKILL')
        if ((await call) === 'answered') break
        return
      }
      end = await Promise.race([call, wait(100, 'running')]) // another process: the cloud is the only sign it gives
    }
    throw new Error('create_vm answered before it could be killed')
  }

  /** Creates a disk of 1 GiB for a VM; it is deleted after the test, after the VMs. */
  async createDisk(director: Director, vm: string, sizeMiB = 1024): Promise<string> {
    const cid = String(await director.ask('create_disk', [sizeMiB, {}, vm]))
    this.#undo.unshift(async () => void (await director.ask('delete_disk', [cid])))
    return cid
  }

  /** Makes a volume of a snapshot, with the tenant's own rights; it is deleted after the test. */
  async volumeOf(snapshot: string): Promise<string> {
    const { status, body } = await this.view.request('POST', 'volumev3', 'volumes', {
      volume: { snapshot_id: snapshot, availability_zone: this.host.zone },
    })
    if (status !== 202) throw new Error(`volume of snapshot ${snapshot}: HTTP ${status} ${JSON.stringify(body)}`)
    const cid = String((body as { volume: { id: string } }).volume.id) // Cinder's documented answer
    const director = await this.director()
    this.#undo.unshift(async () => void (await director.ask('delete_disk', [cid])))
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
  async close(): Promise<void> {
    const director = await this.director()
    for (const stemcell of this.#stemcells.values()) await director.ask('delete_stemcell', [await stemcell])
    await rm(this.folder, { recursive: true })
  }

  /** Deletes everything that is in the zone; returns what that was. */
  async empty(): Promise<ZoneContent> {
    const director = await this.director()
    const left = await this.#content()
    for (const id of left.servers) await director.ask('delete_vm', [id])
    for (const id of left.ports) await this.view.request('DELETE', 'network', `ports/${id}`)
    for (const id of left.snapshots) await director.ask('delete_snapshot', [id])
    for (const id of left.volumes) await director.ask('delete_disk', [id])
    return left
  }

  /** The rest of the project may be in use by others. */
  async #content(): Promise<ZoneContent> {
    const networks = ['guest-net', 'guest-net-2', 'guest-net-dual'].map((name) => this.cloud.networks[name]?.id)
    const [servers, ports, snapshots, volumes] = await Promise.all([
      this.view.list('compute', 'servers/detail', 'servers'),
      this.view.list('network', `ports?project_id=${this.view.projectId}`, 'ports'),
      this.view.list('volumev3', 'snapshots/detail', 'snapshots'),
      this.view.list('volumev3', 'volumes/detail', 'volumes'),
    ])
    const ids = (rows: typeof servers) => rows.map(({ id }) => String(id))
    const inZone = volumes.filter((volume) => volume['availability_zone'] === this.host.zone)
    return {
      servers: ids(servers.filter((server) => server['OS-EXT-AZ:availability_zone'] === this.host.zone)),
      ports: ids(
        ports.filter(
          (port) =>
            networks.includes(String(port['network_id'])) && !String(port['device_owner']).startsWith('network:'),
        ),
      ),
      snapshots: ids(snapshots.filter((snapshot) => ids(inZone).includes(String(snapshot['volume_id'])))),
      volumes: ids(inZone),
    }
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
    await zone.host.presentConfigDrivesAs(configDrives)
  })
  beforeEach(({ annotate }) => {
    if (zone) zone.note = (words) => void annotate(words, 'guest')
  })
  afterEach(async () => zone?.cleanUp())
  afterAll(async () => zone?.close())
  return () => {
    if (!zone) throw new Error('the guest zone exists only inside tests')
    return zone
  }
}
