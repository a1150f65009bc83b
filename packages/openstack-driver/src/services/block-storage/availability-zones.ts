import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface VolumeAvailabilityZone {
  readonly zoneName: string
  readonly zoneState: { readonly available: boolean }
}

/** Cinder's availability zones; Nova has its own. https://docs.openstack.org/api-ref/block-storage/v3/#availability-zones-os-availability-zone */
export const volumeAvailabilityZones = (client: ServiceClient) => ({
  list: () =>
    collect(client.pages<VolumeAvailabilityZone>('os-availability-zone', {}, { key: 'availabilityZoneInfo' })),
})
