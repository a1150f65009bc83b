import type { ServiceClient } from '../../http/service-client.ts'
import { volumeAvailabilityZones } from './availability-zones.ts'
import { volumeLimits } from './limits.ts'
import { snapshots } from './snapshots.ts'
import { volumeTypes } from './volume-types.ts'
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
