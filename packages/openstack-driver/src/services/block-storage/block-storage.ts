import { collect, type ServiceClient } from '../../http/service-client.ts'
import { snapshots } from './snapshots.ts'
import { volumes } from './volumes.ts'

/** Cinder. https://docs.openstack.org/api-ref/block-storage/v3/ */
export const blockStorage = (client: ServiceClient) => ({
  volumes: volumes(client),
  snapshots: snapshots(client),
  volumeTypes: volumeTypes(client),
  availabilityZones: volumeAvailabilityZones(client),
  limits: volumeLimits(client),
  /** Does Cinder understand this microversion? One request per process, then none. */
  supports: (microversion: string) => client.supports(microversion),
})

export type BlockStorage = ReturnType<typeof blockStorage>

export interface VolumeAvailabilityZone {
  readonly zoneName: string
  readonly zoneState: { readonly available: boolean }
}

/**
 * Cinder's availability zones; Nova has its own.
 * https://docs.openstack.org/api-ref/block-storage/v3/#availability-zones-os-availability-zone
 */
const volumeAvailabilityZones = (client: ServiceClient) => ({
  list: () =>
    collect(client.pages<VolumeAvailabilityZone>('os-availability-zone', {}, { key: 'availabilityZoneInfo' })),
})

/** -1 means unlimited. */
export interface VolumeLimits {
  readonly maxTotalVolumes: number
  readonly totalVolumesUsed: number
  readonly maxTotalSnapshots: number
  readonly totalSnapshotsUsed: number
  /** GiB. */
  readonly maxTotalVolumeGigabytes: number
  readonly totalGigabytesUsed: number
}

/** Cinder's quotas and their use. https://docs.openstack.org/api-ref/block-storage/v3/#limits-limits */
const volumeLimits = (client: ServiceClient) => ({
  show: async (): Promise<VolumeLimits> =>
    (await client.get<{ absolute: VolumeLimits }>('limits', { pick: 'limits' })).absolute,
})

export interface VolumeType {
  readonly id: string
  readonly name: string
  readonly extra_specs?: Readonly<Record<string, string>>
}

/** Cinder volume types. https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types */
const volumeTypes = (client: ServiceClient) => ({
  /** Cinder speaks of `volume_types` and links their pages by `volume_type_links`. */
  list: () => collect(client.pages<VolumeType>('types', {}, { key: 'volume_types', linksKey: 'volume_type_links' })),
  show: (id: string) => client.get<VolumeType>(`types/${encodeURIComponent(id)}`, { pick: 'volume_type' }),
})
