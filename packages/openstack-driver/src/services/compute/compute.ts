import type { ServiceClient } from '../../http/service-client.ts'
import { availabilityZones } from './availability-zones.ts'
import { flavors } from './flavors.ts'
import { interfaces } from './interfaces.ts'
import { keypairs } from './keypairs.ts'
import { limits } from './limits.ts'
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
  interfaces: interfaces(client),
  availabilityZones: availabilityZones(client),
  limits: limits(client),
  /** Does Nova understand this microversion, within `nova_microversion_max`? One request per process, then none. */
  supports: (microversion: string) => client.supports(microversion),
})

export type Compute = ReturnType<typeof compute>
