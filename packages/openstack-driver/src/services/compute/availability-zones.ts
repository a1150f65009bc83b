import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface AvailabilityZone {
  readonly zoneName: string
  readonly zoneState: { readonly available: boolean }
}

/** Nova's availability zones; Cinder has its own. https://docs.openstack.org/api-ref/compute/#availability-zones-os-availability-zone */
export const availabilityZones = (client: ServiceClient) => ({
  list: () => collect(client.pages<AvailabilityZone>('os-availability-zone', {}, { key: 'availabilityZoneInfo' })),
})
