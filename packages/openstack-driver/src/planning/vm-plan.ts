import type { CreateVm, JsonObject } from '@openstack-cpi/cpi-core'
import type { Pool } from '../services/load-balancer/pools.ts'
import type { FloatingIp } from '../services/network/floating-ips.ts'
import type { BootSource, ImageFacts } from './boot-source.ts'
import type { FlavorFacts } from './flavors.ts'
import { invalidVm } from './invalid-vm.ts'
import type { NetworkPlan } from './network-plan.ts'
import type { PoolParams, VmCloudProperties } from './vm-cloud-properties.ts'

/** A pool to join, and the load balancer whose state says when it accepts changes. */
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

/**
 * The zones in the order in which to try them: shuffled, so that VMs spread over them (driver spec §6.8).
 * `random` answers a number in [0, 1). An empty list means "let Nova choose" and stays empty.
 */
export function zonesInRandomOrder(zones: readonly string[], random: () => number): readonly string[] {
  const order = [...zones]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[pick]]
    if (a === undefined || b === undefined) throw new RangeError(`random() must be in [0, 1), index ${pick} is outside`)
    order[last] = b
    order[pick] = a
  }
  return order
}

/** A disk that the director will probably attach, and the Cinder zone it is in. */
export interface DiskZone {
  readonly disk: string
  readonly zone: string
}

/**
 * The VM's zone, given the disks it will get (driver spec §6.8): its own, else that of the first disk. Disks in other
 * zones are no error, since only Nova and Cinder know whether they may be attached (`cross_az_attach`), and Nova's default
 * zone `nova` is the name of no host's zone; `warnings` names them. Not to be asked with `ignore_server_availability_zone`.
 */
export function zoneNearDisks(
  vmZone: string | undefined,
  disks: readonly DiskZone[],
): { readonly zone: string | undefined; readonly warnings: readonly string[] } {
  const zone = vmZone ?? disks[0]?.zone
  // `zone:host` pins a hypervisor inside the zone.
  const zoneName = zone?.split(':', 1)[0]
  const elsewhere = disks.filter((disk) => disk.zone !== zoneName)
  const warnings = elsewhere.map(
    (disk) =>
      `The VM is created in availability zone '${zone}', but its disk '${disk.disk}' is in '${disk.zone}': ` +
      "if the cloud refuses to attach it, set 'availability_zone' of the VM type to the disk's zone",
  )
  return { zone, warnings }
}

/**
 * The names or ids of the security groups that apply: the VM's, else all networks' together, else the default ones
 * (driver spec §6.1). Levels are never merged. Sorted, so that the same deployment asks for the same list.
 */
export function chooseSecurityGroups(levels: {
  readonly vm: readonly string[]
  readonly networks: readonly (readonly string[])[]
  readonly defaults: readonly string[]
}): readonly string[] {
  if (levels.vm.length > 0) return unique(levels.vm)
  const ofNetworks = levels.networks.flat()
  if (ofNetworks.length > 0) return unique(ofNetworks).toSorted()
  return unique(levels.defaults)
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Nova's limit for `user_data`, counted in base64. */
const maxUserDataBytes = 65_535

/** The settings document of the agent as `user_data`. Throws `VmCreationFailed`, not to be retried, beyond Nova's limit. */
export function encodeUserData(settings: JsonObject): string {
  const encoded = Buffer.from(JSON.stringify(settings), 'utf8').toString('base64')
  if (encoded.length > maxUserDataBytes) {
    throw invalidVm(
      `The agent settings take ${encoded.length} bytes of user data, but Nova takes at most ${maxUserDataBytes}: make 'env' or the network settings smaller`,
    )
  }
  return encoded
}
