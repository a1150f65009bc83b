import type { CreateStemcell, NetworkDefinition } from '../contract/cpi.ts'
import type { DiskCid, NetworkCid, SnapshotCid, StemcellCid, VmCid } from '../model/cid.ts'
import type { JsonObject } from '../model/json.ts'

/** A VM of the in-memory cloud. */
export interface InMemoryVm {
  state: 'running' | 'crashed'
  metadata: JsonObject
  /** What the agent reads. */
  agentSettings: JsonObject
  /** In the order of attachment. */
  readonly disks: DiskCid[]
}

/** A disk of the in-memory cloud. */
export interface InMemoryDisk {
  sizeMiB: number
  cloudProperties: JsonObject
  metadata: JsonObject
}

/** Calls that the in-memory cloud can be told to fail. */
export type FailingCall =
  | 'create_vm'
  | 'delete_vm'
  | 'has_vm'
  | 'create_disk'
  | 'delete_disk'
  | 'has_disk'
  | 'attach_disk'

/** A cloud that is a few maps: what `InMemoryCpi` works on, open to tests. */
export class InMemoryCloud {
  readonly stemcells = new Map<StemcellCid, CreateStemcell>()
  readonly vms = new Map<VmCid, InMemoryVm>()
  readonly disks = new Map<DiskCid, InMemoryDisk>()
  readonly snapshots = new Map<SnapshotCid, DiskCid>()
  readonly networks = new Map<NetworkCid, NetworkDefinition>()
  readonly #failing = new Set<FailingCall>()
  #made = 0

  /** The CIDs of everything that exists. */
  existing(): readonly string[] {
    return [this.stemcells, this.vms, this.disks, this.snapshots, this.networks].flatMap((map) => [...map.keys()])
  }

  /** A new id, for example `vm-7`. */
  newId(kind: string): string {
    this.#made += 1
    return `${kind}-${this.#made}`
  }

  /** Lets the next call fail in the cloud: a create at its last step, a look-up with an I/O error. */
  failNext(call: FailingCall): void {
    this.#failing.add(call)
  }

  /** A step of a call in the cloud. Throws when the call is to fail. */
  step(call: FailingCall): void {
    if (this.#failing.delete(call)) throw new Error(`${call}: the cloud answered 503`)
  }

  /** The VM to which a disk is attached. */
  ownerOf(disk: DiskCid): VmCid | undefined {
    return [...this.vms].find(([, vm]) => vm.disks.includes(disk))?.[0]
  }
}
