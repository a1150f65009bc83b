import type { CreateVm } from '@openstack-cpi/cpi-core'
import type { BootSource, ImageFacts } from '../../planning/boot-source.ts'
import type { FlavorFacts } from '../../planning/flavor.ts'
import type { NetworkPlan } from '../../planning/network-plan.ts'
import type { VmCloudProperties } from '../../planning/vm-cloud-properties.ts'
import type { FloatingIp } from '../../services/network/floating-ips.ts'
import type { FoundPool } from '../pool-lookup.ts'

/** Everything about a VM that is known before anything is made. */
export interface Blueprint {
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
  /** In the order in which to try them; `[undefined]` lets Nova choose. */
  readonly zones: readonly (string | undefined)[]
  /** The vip network's address; undefined when there is none or when it is yet to be allocated. */
  readonly floatingIp: FloatingIp | undefined
  readonly pools: readonly FoundPool[]
}
