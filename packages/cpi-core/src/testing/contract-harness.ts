import type { CpiCall } from '../contract/call.ts'
import type { Cpi } from '../contract/cpi.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { CpiClient } from './cpi-client.ts'
import type { FailingCall } from './in-memory-cloud.ts'

/** What a cloud may be unable to do, by the methods that are then `NotImplemented`. */
export const capabilities = {
  snapshots: ['snapshot_disk', 'delete_snapshot'],
  get_disks: ['get_disks'],
  resize_disk: ['resize_disk'],
  update_disk: ['update_disk'],
  calculate_vm_cloud_properties: ['calculate_vm_cloud_properties'],
  networks: ['create_network', 'delete_network'],
} as const

/** Name of something a cloud may be unable to do. */
export type Capability = keyof typeof capabilities

/** How the suite is run. */
export interface ContractOptions {
  /** What this CPI does not implement: the suite then expects `NotImplemented` or `NotSupported`. Default: nothing. */
  readonly without?: readonly Capability[]
  /** For each test, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number
}

/**
 * Ways to look behind the CPI, each optional: a test that needs a missing one is reported as skipped. They should ask the
 * cloud itself, not the driver under test.
 */
export interface ContractProbes {
  /** The settings document that the agent of a VM reads, as JSON. */
  agentSettings?(vm: string): Promise<Json> | Json
  /** CIDs of the persistent disks that the guest, or at least the hypervisor, has attached. */
  guestDisks?(vm: string): Promise<readonly string[]> | readonly string[]
  /** Metadata of a VM as the cloud's console shows it. Keys and values may be adapted to the cloud's rules. */
  vmMetadata?(vm: string): Promise<JsonObject> | JsonObject
  /** Metadata of a disk. */
  diskMetadata?(disk: string): Promise<JsonObject> | JsonObject
  /** Size of a disk, in MiB. */
  diskSizeMiB?(disk: string): Promise<number> | number
  /** True while the VM is powered on; its guest need not have booted. */
  isRunning?(vm: string): Promise<boolean> | boolean
  /** Ends a VM from outside, as a kernel panic or a failed host would; the cloud still knows it. */
  crashVm?(vm: string): Promise<void> | void
  /**
   * Lets the cloud fail the next call of this method: a create at its last step, the others at the request that matters.
   * Returns false where that cannot be arranged.
   */
  failNext?(call: FailingCall): Promise<boolean> | boolean
}

/** One cloud under test, and what the suite must know of it. Made anew for each test. */
export interface CpiContractHarness {
  /**
   * A driver of this cloud. Called for each call, since each call of a director is a process of its own; `call` has log,
   * signal and `context` of the call. Either this or `createClient`.
   */
  createCpi?(call: CpiCall): Promise<Cpi> | Cpi
  /**
   * Makes the suite call the CPI by other means than a driver in this process: `createExecutableClient` starts an
   * executable, written in any language. `options` has `context` and the signal that interrupts a call.
   */
  createClient?(options: { readonly context: JsonObject; readonly signal: AbortSignal }): CpiClient
  /** Configuration that each call brings in its context, as a CPI config does (contract §3.1). */
  readonly context?: JsonObject
  /** Arguments of `create_stemcell` that work. */
  readonly stemcell: { readonly imagePath: string; readonly cloudProperties: JsonObject }
  /**
   * Arguments of `create_vm` that work; `networks` as on the wire. Read anew for each VM: where addresses are taken, a
   * getter gives each VM its own, as a director does.
   */
  readonly vm: { readonly cloudProperties: JsonObject; readonly networks: JsonObject; readonly env?: JsonObject }
  /** Arguments of `create_disk` that work. */
  readonly disk: { readonly sizeMiB: number; readonly cloudProperties: JsonObject }
  /** A CID in this cloud's form that names nothing, of any kind. */
  readonly missingCid: string
  /** VM cloud properties that this cloud refuses. Without them the failed create is tried with a missing stemcell. */
  readonly refusedVmCloudProperties?: JsonObject
  /** Arguments of `create_network` that work. */
  readonly network?: JsonObject
  readonly probes?: ContractProbes
  /** Names everything that exists beyond what the harness began with; when given, every test must end with none. */
  leftovers?(): Promise<readonly string[]> | readonly string[]
  close?(): Promise<void> | void
}
