import type {
  Cpi,
  CreateDisk,
  CreatedNetwork,
  CreatedVm,
  CreateStemcell,
  CreateVm,
  NetworkDefinition,
  OptionalMethods,
  VmResources,
} from '../contract/cpi.ts'
import { CpiError } from '../errors/cpi-error.ts'
import {
  type DiskCid,
  diskCid,
  type NetworkCid,
  networkCid,
  type SnapshotCid,
  type StemcellCid,
  snapshotCid,
  stemcellCid,
  type VmCid,
  vmCid,
} from '../model/cid.ts'
import type { DiskHint } from '../model/disk-hint.ts'
import type { JsonObject } from '../model/json.ts'

interface Vm {
  metadata: JsonObject
  /** In the order of attachment, which decides the device. */
  readonly disks: DiskCid[]
}
interface Disk {
  sizeMiB: number
  cloudProperties: JsonObject
  metadata: JsonObject
}

/**
 * The smallest correct CPI: a cloud that is a few maps. It shows what each method owes its caller, passes
 * `describeCpiContract`, and stands in for a driver in tests of what surrounds one.
 */
export class InMemoryCpi implements Required<Cpi & OptionalMethods> {
  readonly #stemcells = new Map<StemcellCid, CreateStemcell>()
  readonly #vms = new Map<VmCid, Vm>()
  readonly #disks = new Map<DiskCid, Disk>()
  readonly #snapshots = new Map<SnapshotCid, DiskCid>()
  readonly #networks = new Map<NetworkCid, NetworkDefinition>()
  #made = 0

  /** The CIDs of all that exists. */
  existing(): readonly string[] {
    return [this.#stemcells, this.#vms, this.#disks, this.#snapshots, this.#networks].flatMap((map) => [...map.keys()])
  }

  async createStemcell(request: CreateStemcell): Promise<StemcellCid> {
    return this.#add(this.#stemcells, stemcellCid(this.#newId('stemcell')), request)
  }

  async deleteStemcell(stemcell: StemcellCid): Promise<void> {
    this.#stemcells.delete(stemcell)
  }

  async createVm(request: CreateVm): Promise<CreatedVm> {
    if (!this.#stemcells.has(request.stemcell)) {
      throw new CpiError('VmCreationFailed', `Stemcell '${request.stemcell}' does not exist`)
    }
    const vm = this.#add(this.#vms, vmCid(this.#newId('vm')), { metadata: {}, disks: [] })
    return { vm, networks: Object.fromEntries(request.networks.map(({ name, raw }) => [name, raw])) }
  }

  async deleteVm(vm: VmCid): Promise<void> {
    this.#vms.delete(vm)
  }

  async hasVm(vm: VmCid): Promise<boolean> {
    return this.#vms.has(vm)
  }

  async rebootVm(vm: VmCid): Promise<void> {
    this.#vm(vm)
  }

  async setVmMetadata(vm: VmCid, metadata: JsonObject): Promise<void> {
    const found = this.#vm(vm)
    found.metadata = { ...found.metadata, ...metadata }
  }

  async calculateVmCloudProperties(wanted: VmResources): Promise<JsonObject> {
    return { cpu: wanted.cpu, ram: wanted.ramMiB, disk: wanted.ephemeralDiskMiB }
  }

  async createDisk(request: CreateDisk): Promise<DiskCid> {
    const { sizeMiB, cloudProperties } = request
    return this.#add(this.#disks, diskCid(this.#newId('disk')), { sizeMiB, cloudProperties, metadata: {} })
  }

  async deleteDisk(disk: DiskCid): Promise<void> {
    this.#requireDetached(disk)
    this.#disks.delete(disk)
  }

  async hasDisk(disk: DiskCid): Promise<boolean> {
    return this.#disks.has(disk)
  }

  async attachDisk(vm: VmCid, disk: DiskCid): Promise<DiskHint> {
    const { disks } = this.#vm(vm)
    this.#disk(disk)
    if (!disks.includes(disk)) {
      this.#requireDetached(disk)
      disks.push(disk)
    }
    return `/dev/sd${String.fromCharCode('b'.charCodeAt(0) + disks.indexOf(disk))}`
  }

  async detachDisk(vm: VmCid, disk: DiskCid): Promise<void> {
    const owner = this.#ownerOf(disk)
    if (!this.#vms.has(vm) && owner === undefined) this.#vm(vm)
    if (owner !== undefined && owner !== vm) {
      throw new CpiError('CloudError', `Disk '${disk}' is attached to VM '${owner}', not to '${vm}'`)
    }
    const disks = this.#vm(vm).disks
    if (disks.includes(disk)) disks.splice(disks.indexOf(disk), 1)
  }

  async setDiskMetadata(disk: DiskCid, metadata: JsonObject): Promise<void> {
    const found = this.#disk(disk)
    found.metadata = { ...found.metadata, ...metadata }
  }

  async getDisks(vm: VmCid): Promise<readonly DiskCid[]> {
    return this.#vm(vm).disks
  }

  async resizeDisk(disk: DiskCid, newSizeMiB: number): Promise<void> {
    const found = this.#disk(disk)
    if (newSizeMiB < found.sizeMiB) {
      throw new CpiError(
        'NotSupported',
        `Disk '${disk}' has ${found.sizeMiB} MiB and cannot shrink to ${newSizeMiB} MiB`,
      )
    }
    if (newSizeMiB > found.sizeMiB) this.#requireDetached(disk)
    found.sizeMiB = newSizeMiB
  }

  async updateDisk(disk: DiskCid, newSizeMiB: number, cloudProperties: JsonObject): Promise<undefined> {
    await this.resizeDisk(disk, newSizeMiB)
    this.#disk(disk).cloudProperties = cloudProperties
  }

  async snapshotDisk(disk: DiskCid, _metadata: JsonObject): Promise<SnapshotCid> {
    this.#disk(disk)
    return this.#add(this.#snapshots, snapshotCid(this.#newId('snapshot')), disk)
  }

  async deleteSnapshot(snapshot: SnapshotCid): Promise<void> {
    this.#snapshots.delete(snapshot)
  }

  async createNetwork(definition: NetworkDefinition): Promise<CreatedNetwork> {
    const network = this.#add(this.#networks, networkCid(this.#newId('network')), definition)
    const { range = '192.0.2.0/24', gateway = '192.0.2.1', cloudProperties } = definition
    return { network, range, gateway, reserved: [], cloudProperties: { ...cloudProperties, network } }
  }

  async deleteNetwork(network: NetworkCid): Promise<void> {
    this.#networks.delete(network)
  }

  #newId(kind: string): string {
    this.#made += 1
    return `${kind}-${this.#made}`
  }

  #add<K, V>(map: Map<K, V>, key: K, value: V): K {
    map.set(key, value)
    return key
  }

  #vm(cid: VmCid): Vm {
    const vm = this.#vms.get(cid)
    if (vm === undefined) throw new CpiError('VmNotFound', `VM '${cid}' does not exist`)
    return vm
  }

  #disk(cid: DiskCid): Disk {
    const disk = this.#disks.get(cid)
    if (disk === undefined) throw new CpiError('DiskNotFound', `Disk '${cid}' does not exist`)
    return disk
  }

  #ownerOf(disk: DiskCid): VmCid | undefined {
    return [...this.#vms].find(([, vm]) => vm.disks.includes(disk))?.[0]
  }

  #requireDetached(disk: DiskCid): void {
    const owner = this.#ownerOf(disk)
    if (owner !== undefined) throw new CpiError('CloudError', `Disk '${disk}' is attached to VM '${owner}'`)
  }
}
