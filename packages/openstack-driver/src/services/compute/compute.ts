import { collect, type ServiceClient } from '../../http/service-client.ts'
import { flavors } from './flavors.ts'
import { serverGroups } from './server-groups.ts'
import { servers } from './servers.ts'
import { volumeAttachments } from './volume-attachments.ts'

/** Nova. https://docs.openstack.org/api-ref/compute/ */
export const compute = (client: ServiceClient) => ({
  servers: servers(client),
  flavors: flavors(client),
  keypairs: keypairs(client),
  serverGroups: serverGroups(client),
  volumeAttachments: volumeAttachments(client),
  availabilityZones: availabilityZones(client),
  limits: limits(client),
  /** Does Nova understand this microversion, within `nova_microversion_max`? One request per process, then none. */
  supports: (microversion: string) => client.supports(microversion),
})

export type Compute = ReturnType<typeof compute>

export interface AvailabilityZone {
  readonly zoneName: string
  readonly zoneState: { readonly available: boolean }
}

/**
 * Nova's availability zones; Cinder has its own.
 * https://docs.openstack.org/api-ref/compute/#availability-zones-os-availability-zone
 */
const availabilityZones = (client: ServiceClient) => ({
  list: () => collect(client.pages<AvailabilityZone>('os-availability-zone', {}, { key: 'availabilityZoneInfo' })),
})

export interface Keypair {
  readonly name: string
  readonly public_key: string
  readonly fingerprint: string
}

/**
 * Nova key pairs; they belong to the user, not to the project.
 * https://docs.openstack.org/api-ref/compute/#keypairs-keypairs
 */
const keypairs = (client: ServiceClient) => ({
  show: (name: string) => client.get<Keypair>(`os-keypairs/${encodeURIComponent(name)}`, { pick: 'keypair' }),
  list: async (): Promise<Keypair[]> =>
    (await collect(client.pages<{ keypair: Keypair }>('os-keypairs', {}, { key: 'keypairs' }))).map(
      (item) => item.keypair,
    ),
})

/** -1 means unlimited. */
export interface ComputeLimits {
  readonly maxTotalInstances: number
  readonly totalInstancesUsed: number
  readonly maxTotalCores: number
  readonly totalCoresUsed: number
  /** MiB. */
  readonly maxTotalRAMSize: number
  readonly totalRAMUsed: number
  readonly maxServerMeta: number
  readonly maxServerGroups: number
  readonly maxServerGroupMembers: number
}

/** Nova's quotas and their use. https://docs.openstack.org/api-ref/compute/#limits-limits */
const limits = (client: ServiceClient) => ({
  show: async (): Promise<ComputeLimits> =>
    (await client.get<{ absolute: ComputeLimits }>('limits', { pick: 'limits' })).absolute,
})
