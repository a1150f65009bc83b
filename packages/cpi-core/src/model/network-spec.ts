import type { JsonObject } from './json.ts'

/** What a network is asked to provide for the VM (contract §7). */
export type NetworkDefault = 'dns' | 'gateway' | 'addressable'

interface NetworkBase {
  /** The key in the `networks` argument. */
  readonly name: string
  /** Opaque to the core; absent or null on the wire means `{}`. */
  readonly cloudProperties: JsonObject
  /** Networks with the same value share one NIC. A string, also when the wire had a number. */
  readonly nicGroup?: string
  /** `"32"`/`"128"`: one address. Anything else: a delegated prefix that starts at `ip`. */
  readonly prefix?: string
  /** The settings exactly as received: `create_vm` hands them back completed, key by key. */
  readonly raw: JsonObject
}

/** The director picked the address. */
export interface ManualNetwork extends NetworkBase {
  readonly type: 'manual'
  readonly ip: string
  readonly netmask?: string
  readonly gateway?: string
  readonly dns: readonly string[]
  readonly default: readonly NetworkDefault[]
}

/** The cloud picks the address. An `ip` on the wire is a report of the past, not a request. */
export interface DynamicNetwork extends NetworkBase {
  readonly type: 'dynamic'
  readonly dns: readonly string[]
  readonly default: readonly NetworkDefault[]
}

/** An address mapped to the VM from outside; on no NIC. */
export interface VipNetwork extends NetworkBase {
  readonly type: 'vip'
  readonly ip?: string
}

/** A network of a type this core does not know; a driver refuses it with its own words. */
export interface UnknownNetwork extends NetworkBase {
  readonly type: 'unknown'
  readonly wireType: string
}

/** One entry of the `networks` argument. A missing `type` on the wire means `manual`. */
export type NetworkSpec = ManualNetwork | DynamicNetwork | VipNetwork | UnknownNetwork

/** All networks of a VM, in the operator's order, which is the order of the NICs. */
export type NetworkSpecs = readonly NetworkSpec[]
