import type { Snapshot } from '../../services/block-storage/snapshots.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import type { ServerGroup } from '../../services/compute/server-groups.ts'
import type { Server } from '../../services/compute/servers.ts'
import type { GlanceImage } from '../../services/image/images.ts'
import type { Member } from '../../services/load-balancer/members.ts'
import type { FloatingIp } from '../../services/network/floating-ips.ts'
import type { NeutronNetwork } from '../../services/network/networks.ts'
import type { Port } from '../../services/network/ports.ts'
import type { Subnet } from '../../services/network/subnets.ts'

/** A member and where it is. */
export interface PoolMember {
  readonly poolId: string
  /** Absent where the pool does not tell. */
  readonly loadBalancerId?: string
  readonly member: Member
}

/** Everything in the project that a CPI call may have left, and all that says whether it did. */
export interface ProjectInventory {
  /** As microversion 2.3 shows them. */
  readonly servers: readonly Server[]
  readonly serverGroups: readonly ServerGroup[]
  readonly ports: readonly Port[]
  readonly floatingIps: readonly FloatingIp[]
  readonly networks: readonly NeutronNetwork[]
  readonly subnets: readonly Subnet[]
  readonly members: readonly PoolMember[]
  readonly volumes: readonly Volume[]
  readonly snapshots: readonly Snapshot[]
  readonly images: readonly GlanceImage[]
}

/** A project with nothing in it. */
export const emptyInventory: ProjectInventory = {
  servers: [],
  serverGroups: [],
  ports: [],
  floatingIps: [],
  networks: [],
  subnets: [],
  members: [],
  volumes: [],
  snapshots: [],
  images: [],
}
