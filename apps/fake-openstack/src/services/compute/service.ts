import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { PublishedSchemas } from '../../kernel/published-schemas.ts'
import { defineService } from '../../kernel/service.ts'
import { serverActionRoutes } from './actions/server-actions.ts'
import { deleteServer } from './actions/server-delete.ts'
import { uploadImage } from './actions/server-images.ts'
import { serverTransitions } from './actions/server-transitions.ts'
import { aggregateRoutes } from './aggregates.ts'
import { availabilityZoneRoutes } from './availability-zones.ts'
import { buildServer } from './create/server-build.ts'
import { extensionRoutes } from './extensions.ts'
import { flavorAccessRoutes } from './flavor-access.ts'
import { flavorRoutes } from './flavors.ts'
import { goneRoutes } from './gone-routes.ts'
import { hostRoutes } from './hosts.ts'
import { detachInterface, interfaceRoutes } from './interfaces.ts'
import { keypairRoutes } from './keypairs.ts'
import { limitRoutes } from './limits.ts'
import { floatingIpProxyRoutes } from './proxies/floating-ips.ts'
import { imageMetadataProxyRoutes } from './proxies/image-metadata.ts'
import { imageProxyRoutes } from './proxies/images.ts'
import { networkProxyRoutes } from './proxies/networks.ts'
import { securityGroupProxyRoutes } from './proxies/security-groups.ts'
import { volumeProxyRoutes } from './proxies/volumes.ts'
import { publishedActions, publishedRoutes } from './published-routes.ts'
import { publishedSchemas } from './published-schemas.ts'
import { unmodelledQueryKeys } from './query-keys.ts'
import { quotaSetRoutes } from './quota-sets.ts'
import { quotaDefaults } from './quota-usage.ts'
import { aggregates, computeServices, flavors, instanceActions, keypairs, serverGroups, servers } from './records.ts'
import { microversions } from './release-rules.ts'
import { formats } from './schema-formats.ts'
import { serverGroupRoutes } from './server-groups.ts'
import { serverMetadataRoutes } from './server-metadata.ts'
import { serverPasswordRoutes } from './server-password.ts'
import { serverTagRoutes } from './server-tags.ts'
import { serverRoutes } from './servers.ts'
import { serviceListRoutes } from './service-list.ts'
import { versionRoutes } from './versions.ts'
import { instanceActionRoutes } from './views/instance-actions.ts'
import { serverNetworkingRoutes } from './views/server-networking.ts'
import { volumeAttachmentRoutes } from './volume-attachments.ts'

/** Old catalogs put the project into the path; it must be the token's. */
const checkProjectInPath = (call: Call): void => {
  const inPath = call.params['project_id']
  if (inPath === undefined || inPath === call.projectId) return
  throw badRequest(
    `Malformed request URL: URL's project_id '${inPath}' doesn't match Context's project_id '${call.projectId}'`,
  )
}

/** Nova 26 to 34; what differs between them is in `release-rules.ts`. */
export const computeService = defineService({
  type: 'compute',
  name: 'compute',
  project: 'nova',
  prefix: '/compute',
  bases: ['/v2.1', '/v2.1/:project_id', '/v2', '/v2/:project_id'],
  formerBase: '/v2',
  catalogPath: '/v2.1',
  dialect: novaDialect,
  transport: { trailingSlash: 'unknown', jsonSuffix: false, options: 'empty' },
  publishedRoutes,
  publishedActions,
  unmodelledQueryKeys,
  schemas: new PublishedSchemas(publishedSchemas, formats),
  microversions,
  quotas: quotaDefaults,
  collections: [aggregates, computeServices, flavors, keypairs, serverGroups, servers, instanceActions],
  lifecycles: [buildServer, deleteServer, detachInterface, uploadImage, ...serverTransitions],
  before: checkProjectInPath,
  routes: [
    ...versionRoutes,
    ...flavorRoutes,
    ...flavorAccessRoutes,
    ...keypairRoutes,
    ...serverGroupRoutes,
    ...serverRoutes,
    ...serverActionRoutes,
    ...serverMetadataRoutes,
    ...serverTagRoutes,
    ...serverPasswordRoutes,
    ...serverNetworkingRoutes,
    ...interfaceRoutes,
    ...instanceActionRoutes,
    ...volumeAttachmentRoutes,
    ...availabilityZoneRoutes,
    ...hostRoutes,
    ...serviceListRoutes,
    ...aggregateRoutes,
    ...securityGroupProxyRoutes,
    ...floatingIpProxyRoutes,
    ...volumeProxyRoutes,
    ...imageProxyRoutes,
    ...imageMetadataProxyRoutes,
    ...networkProxyRoutes,
    ...goneRoutes,
    ...limitRoutes,
    ...quotaSetRoutes,
    ...extensionRoutes,
  ],
})
