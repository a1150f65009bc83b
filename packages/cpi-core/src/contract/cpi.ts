import type { AgentId, DiskCid, NetworkCid, SnapshotCid, StemcellCid, VmCid } from '../model/cid.ts'
import type { DiskHint } from '../model/disk-hint.ts'
import type { JsonObject } from '../model/json.ts'
import type { NetworkSpecs } from '../model/network-spec.ts'

/** What `info` answers. Static: it must need no configuration and no network (contract §5). */
export interface CpiInfo {
  readonly apiVersion: 1 | 2 | 3
  /** For example `mycloud-raw`; empty: no claim. */
  readonly stemcellFormats: readonly string[]
}

/** Stemcells: versioned OS images (contract §6.2, §6.3). */
export interface StemcellMethods {
  /** Returns when the stemcell can be used; the caller then deletes the image. Atomic: on failure nothing stays. */
  createStemcell(request: CreateStemcell): Promise<StemcellCid>
  /** Idempotent. Never deletes what a light stemcell points at. */
  deleteStemcell(stemcell: StemcellCid): Promise<void>
}
/** Arguments of `create_stemcell`. */
export interface CreateStemcell {
  /** Absolute path of the `image` file; empty file for a light stemcell. The caller deletes it. */
  readonly imagePath: string
  readonly cloudProperties: JsonObject
  /** `env.tags` of an API v3 caller, else `{}`. */
  readonly tags: JsonObject
}

/** VMs (contract §6.4 to §6.9). */
export interface VmMethods {
  /** Atomic as seen by the caller: on failure nothing stays. Throws `VmCreationFailed`. */
  createVm(request: CreateVm): Promise<CreatedVm>
  /** Idempotent; returns when the VM is really gone. Attached persistent disks survive. */
  deleteVm(vm: VmCid): Promise<void>
  /** True for every state but deleted. Throws when the cloud cannot tell. */
  hasVm(vm: VmCid): Promise<boolean>
  /** Throws `VmNotFound`. */
  rebootVm(vm: VmCid): Promise<void>
  /** Merges; truncates and sanitises instead of failing. Throws `VmNotFound`. */
  setVmMetadata(vm: VmCid, metadata: JsonObject): Promise<void>
}
/** Arguments of `create_vm`. */
export interface CreateVm {
  readonly agentId: AgentId
  readonly stemcell: StemcellCid
  readonly cloudProperties: JsonObject
  readonly networks: NetworkSpecs
  /** Disks that will probably be attached soon: a placement hint only. */
  readonly disks: readonly DiskCid[]
  /** For the agent; pass it through unchanged. Holds secrets. */
  readonly env: JsonObject
}
/** What `create_vm` answers. */
export interface CreatedVm {
  readonly vm: VmCid
  /** The `networks` argument completed with what the driver learned, for example `mac`. */
  readonly networks: JsonObject
}

/** Persistent disks (contract §6.10 to §6.18). Sizes are MiB. */
export interface DiskMethods {
  /** Returns when the disk is ready. Atomic: on failure nothing stays. Throws `NoDiskSpace`, `CloudError`. */
  createDisk(request: CreateDisk): Promise<DiskCid>
  /** Idempotent. Throws when the disk is in use. */
  deleteDisk(disk: DiskCid): Promise<void>
  /** Throws when the cloud cannot tell. */
  hasDisk(disk: DiskCid): Promise<boolean>
  /** Idempotent. Throws `DiskNotFound`, `VmNotFound`. */
  attachDisk(vm: VmCid, disk: DiskCid): Promise<DiskHint>
  /** Idempotent: a disk that is not attached is a success. Throws `VmNotFound`. */
  detachDisk(vm: VmCid, disk: DiskCid): Promise<void>
  /** Merges. Throws `DiskNotFound`. */
  setDiskMetadata(disk: DiskCid, metadata: JsonObject): Promise<void>
}
/** Arguments of `create_disk`. */
export interface CreateDisk {
  /** MiB; round up to the cloud's unit. */
  readonly sizeMiB: number
  readonly cloudProperties: JsonObject
  /** Where the disk will probably be used; absent or gone: no hint. */
  readonly vm?: VmCid
}

/** Snapshots of disks (contract §6.19, §6.20). */
export interface SnapshotMethods {
  /** Throws `DiskNotFound`. */
  snapshotDisk(disk: DiskCid, metadata: JsonObject): Promise<SnapshotCid>
  /** Idempotent. */
  deleteSnapshot(snapshot: SnapshotCid): Promise<void>
}

/** Methods that a driver may leave out: the dispatcher then answers `NotImplemented`. */
export interface OptionalMethods extends SnapshotMethods {
  /** At least the wanted size, smallest first. */
  calculateVmCloudProperties(wanted: VmResources): Promise<JsonObject>
  /** The persistent disks that are attached, without boot and ephemeral disks. Throws `VmNotFound`. */
  getDisks(vm: VmCid): Promise<readonly DiskCid[]>
  /** Throws `NotSupported` when asked to shrink. */
  resizeDisk(disk: DiskCid, newSizeMiB: number): Promise<void>
  /** Returns the CID when the disk was replaced, else undefined. Throws `NotSupported` for "copy instead". */
  updateDisk(disk: DiskCid, newSizeMiB: number, cloudProperties: JsonObject): Promise<DiskCid | undefined>
  /** Atomic: on failure nothing stays. */
  createNetwork(definition: NetworkDefinition): Promise<CreatedNetwork>
  /** Idempotent. */
  deleteNetwork(network: NetworkCid): Promise<void>
}
/** What `calculate_vm_cloud_properties` is asked for: at least so many CPUs and MiB. */
export interface VmResources {
  readonly cpu: number
  readonly ramMiB: number
  readonly ephemeralDiskMiB: number
}
/** One subnet of a managed network (contract §6.21). */
export interface NetworkDefinition {
  readonly type: string
  readonly cloudProperties: JsonObject
  /** CIDR. */
  readonly range?: string
  readonly gateway?: string
  /** Alone: "choose a range of this size". */
  readonly netmaskBits?: number
}
/** What `create_network` answers. */
export interface CreatedNetwork {
  readonly network: NetworkCid
  readonly range?: string
  readonly gateway?: string
  /** Addresses and ranges inside `range` that the director must not use. */
  readonly reserved: readonly string[]
  /** Replaces the subnet's cloud properties from now on. */
  readonly cloudProperties: JsonObject
}

/** What a driver implements for its cloud. */
export type Cpi = StemcellMethods & VmMethods & DiskMethods & Partial<OptionalMethods>
