import { createAgentSettings } from '../agent/agent-settings.ts'
import { completeNetworks } from '../agent/complete-networks.ts'
import type {
  Cpi,
  CreateDisk,
  CreatedNetwork,
  CreatedVm,
  CreateStemcell,
  CreateVm,
  NetworkDefinition,
  VmResources,
} from '../contract/cpi.ts'
import { cloudError, diskNotFound, notSupported, vmCreationFailed, vmNotFound } from '../errors/failures.ts'
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
import { type DiskHint, devicePath } from '../model/disk-hint.ts'
import type { JsonObject } from '../model/json.ts'
import { withRollback } from '../rollback/with-rollback.ts'
import { InMemoryCloud, type InMemoryDisk, type InMemoryVm } from './in-memory-cloud.ts'

const noLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/**
 * The smallest correct CPI. It shows what each method owes its caller, passes `describeCpiContract`, and replaces a
 * driver in tests of what surrounds one.
 */
export class InMemoryCpi implements Required<Cpi> {
  readonly cloud: InMemoryCloud

  constructor(cloud: InMemoryCloud = new InMemoryCloud()) {
    this.cloud = cloud
  }

  /** The CIDs of everything that exists. */
  existing(): readonly string[] {
    return this.cloud.existing()
  }

  async createStemcell(request: CreateStemcell): Promise<StemcellCid> {
    const stemcell = stemcellCid(this.cloud.newId('stemcell'))
    this.cloud.stemcells.set(stemcell, request)
    return stemcell
  }

  async deleteStemcell(stemcell: StemcellCid): Promise<void> {
    this.cloud.stemcells.delete(stemcell)
  }

  async createVm(request: CreateVm): Promise<CreatedVm> {
    const { cloud } = this
    if (!cloud.stemcells.has(request.stemcell)) {
      throw vmCreationFailed(`Stemcell '${request.stemcell}' does not exist`)
    }
    const networks = completeNetworks(request.networks, { useDhcp: true })
    return await withRollback({ log: noLog }, async (rollback) => {
      const vm = vmCid(cloud.newId('vm'))
      const settings = { ...request, vmName: vm, completedNetworks: networks, ephemeralDisk: null, config: {} }
      const agentSettings = createAgentSettings(settings)
      cloud.vms.set(vm, { state: 'running', metadata: {}, agentSettings, disks: [] })
      rollback.add(`VM ${vm}`, async () => void cloud.vms.delete(vm))
      cloud.step('create_vm')
      return { vm, networks }
    }).catch((cause: unknown) => {
      throw vmCreationFailed('The VM did not start', { cause, okToRetry: true })
    })
  }

  async deleteVm(vm: VmCid): Promise<void> {
    this.cloud.step('delete_vm')
    this.cloud.vms.delete(vm)
  }

  async hasVm(vm: VmCid): Promise<boolean> {
    this.cloud.step('has_vm')
    return this.cloud.vms.has(vm)
  }

  async rebootVm(vm: VmCid): Promise<void> {
    this.#vm(vm).state = 'running'
  }

  async setVmMetadata(vm: VmCid, metadata: JsonObject): Promise<void> {
    const found = this.#vm(vm)
    found.metadata = { ...found.metadata, ...metadata }
  }

  async calculateVmCloudProperties(wanted: VmResources): Promise<JsonObject> {
    return { cpu: wanted.cpu, ram: wanted.ramMiB, disk: wanted.ephemeralDiskMiB }
  }

  async createDisk({ sizeMiB, cloudProperties }: CreateDisk): Promise<DiskCid> {
    this.cloud.step('create_disk')
    const disk = diskCid(this.cloud.newId('disk'))
    this.cloud.disks.set(disk, { sizeMiB, cloudProperties, metadata: {} })
    return disk
  }

  async deleteDisk(disk: DiskCid): Promise<void> {
    this.#requireDetached(disk)
    this.cloud.step('delete_disk')
    this.cloud.disks.delete(disk)
  }

  async hasDisk(disk: DiskCid): Promise<boolean> {
    this.cloud.step('has_disk')
    return this.cloud.disks.has(disk)
  }

  async attachDisk(vm: VmCid, disk: DiskCid): Promise<DiskHint> {
    const { disks } = this.#vm(vm)
    this.#disk(disk)
    if (!disks.includes(disk)) {
      this.#requireDetached(disk)
      this.cloud.step('attach_disk')
      disks.push(disk)
    }
    return devicePath(`/dev/sd${String.fromCharCode('b'.charCodeAt(0) + disks.indexOf(disk))}`)
  }

  async detachDisk(vm: VmCid, disk: DiskCid): Promise<void> {
    const owner = this.cloud.ownerOf(disk)
    if (owner !== undefined && owner !== vm) {
      throw cloudError(`Disk '${disk}' is attached to VM '${owner}', not to '${vm}'`)
    }
    const { disks } = this.#vm(vm)
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
      throw notSupported(`Disk '${disk}' has ${found.sizeMiB} MiB and cannot shrink to ${newSizeMiB} MiB`)
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
    const snapshot = snapshotCid(this.cloud.newId('snapshot'))
    this.cloud.snapshots.set(snapshot, disk)
    return snapshot
  }

  async deleteSnapshot(snapshot: SnapshotCid): Promise<void> {
    this.cloud.snapshots.delete(snapshot)
  }

  async createNetwork(definition: NetworkDefinition): Promise<CreatedNetwork> {
    const network = networkCid(this.cloud.newId('network'))
    this.cloud.networks.set(network, definition)
    const { range = '192.0.2.0/24', gateway = '192.0.2.1', cloudProperties } = definition
    return { network, range, gateway, reserved: [], cloudProperties: { ...cloudProperties, network } }
  }

  async deleteNetwork(network: NetworkCid): Promise<void> {
    this.cloud.networks.delete(network)
  }

  #vm(cid: VmCid): InMemoryVm {
    const vm = this.cloud.vms.get(cid)
    if (vm === undefined) throw vmNotFound(cid)
    return vm
  }

  #disk(cid: DiskCid): InMemoryDisk {
    const disk = this.cloud.disks.get(cid)
    if (disk === undefined) throw diskNotFound(cid)
    return disk
  }

  #requireDetached(disk: DiskCid): void {
    const owner = this.cloud.ownerOf(disk)
    if (owner !== undefined) throw cloudError(`Disk '${disk}' is attached to VM '${owner}'`)
  }
}
