import type { CreateVm } from '@openstack-cpi/cpi-core'
import type { Pool } from '../services/load-balancer/pools.ts'
import type { FloatingIp } from '../services/network/floating-ips.ts'
import type { BootSource, ImageFacts } from './boot-source.ts'
import type { FlavorFacts } from './flavor.ts'
import type { NetworkPlan } from './network-plan.ts'
import type { PoolParams, VmCloudProperties } from './vm-cloud-properties.ts'

/** A pool to join, and the load balancer whose state tells when it takes changes. */
export interface FoundPool {
  readonly params: PoolParams
  readonly pool: Pool
  readonly loadBalancerId: string
}

/** Everything about a VM that is known before anything is made. */
export interface VmPlan {
  readonly request: CreateVm
  readonly serverName: string
  readonly vm: VmCloudProperties
  readonly networks: NetworkPlan
  readonly hasConfigDrive: boolean
  readonly image: ImageFacts
  readonly flavor: FlavorFacts
  readonly keyName: string | undefined
  readonly securityGroupIds: readonly string[]
  readonly bootSource: BootSource
  /** Path of the ephemeral disk for the agent, or null without one. */
  readonly ephemeralDevice: string | null
  /** In the order in which to try them; `[undefined]` lets Nova choose. */
  readonly zones: readonly (string | undefined)[]
  /** The vip network's address; undefined when there is none or when it is yet to be allocated. */
  readonly floatingIp: FloatingIp | undefined
  readonly pools: readonly FoundPool[]
}
