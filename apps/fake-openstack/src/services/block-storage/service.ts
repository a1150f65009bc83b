import { ApiError, badRequest } from '../../kernel/api-error.ts'
import { cinderDialect } from '../../kernel/dialects/openstack-fault.ts'
import { PublishedSchemas } from '../../kernel/published-schemas.ts'
import { defineService } from '../../kernel/service.ts'
import { attachmentRoutes } from './attachments.ts'
import { availabilityZoneRoutes } from './availability-zones.ts'
import { extensionRoutes } from './extensions.ts'
import { groupLifecycles } from './group-lifecycles.ts'
import { groupSnapshots, groups } from './group-records.ts'
import { groupSnapshotRoutes } from './group-snapshots.ts'
import { groupTypeRoutes } from './group-types.ts'
import { groupRoutes } from './groups.ts'
import { blockStorageLifecycles } from './lifecycles.ts'
import { limitRoutes } from './limits.ts'
import { messageRoutes } from './messages.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { poolRoutes } from './pools.ts'
import { publishedActions, publishedRoutes } from './published-routes.ts'
import { publishedSchemas } from './published-schemas.ts'
import { qosSpecsRoutes } from './qos-specs.ts'
import { unmodelledQueryKeys } from './query-keys.ts'
import { quotaDefaults } from './quota-check.ts'
import { quotaClassRoutes } from './quota-classes.ts'
import { quotaSetRoutes } from './quota-sets.ts'
import { groupTypes, qosSpecs, snapshots, volumeAttachments, volumes, volumeTransfers, volumeTypes } from './records.ts'
import { microversions } from './release-rules.ts'
import { resourceFilterRoutes } from './resource-filters.ts'
import { formats } from './schema-formats.ts'
import { serviceListRoutes } from './service-list.ts'
import { snapshotOf, snapshotRoutes } from './snapshots.ts'
import { transferRoutes } from './transfers.ts'
import { userMessages } from './user-messages.ts'
import { versionRoutes } from './versions.ts'
import { volumeActionRoutes } from './volume-actions.ts'
import { volumeTypeChangeRoutes } from './volume-type-changes.ts'
import { volumeTypeEncryptionRoutes } from './volume-type-encryption.ts'
import { volumeTypeSpecRoutes } from './volume-type-specs.ts'
import { volumeTypeRoutes } from './volume-types.ts'
import { volumeOf, volumeRoutes } from './volumes.ts'

/** Cinder v3; what differs between the releases is in `release-rules.ts`. */
export const blockStorageService = defineService({
  type: 'volumev3',
  name: 'block-storage',
  project: 'cinderv3',
  prefix: '/volume',
  // The project in the path is optional.
  bases: ['/v3/:project_id', '/v3'],
  catalogPath: '/v3/%(project_id)s',
  dialect: cinderDialect,
  transport: { trailingSlash: 'unknown', jsonSuffix: true, options: 'empty' },
  publishedRoutes,
  publishedActions,
  unmodelledQueryKeys,
  schemas: new PublishedSchemas(publishedSchemas, formats),
  microversions,
  collections: [
    volumes,
    snapshots,
    volumeTypes,
    volumeAttachments,
    volumeTransfers,
    qosSpecs,
    groupTypes,
    groups,
    groupSnapshots,
    userMessages,
  ],
  lifecycles: [...blockStorageLifecycles, ...groupLifecycles],
  quotas: quotaDefaults,
  before: (call) => {
    const version = call.request.headers.get('openstack-api-version')
    if (version !== null && !/(^|,)\s*volume\s/i.test(version)) {
      throw new ApiError(
        400,
        'The server could not comply with the request since it is either malformed or otherwise incorrect.',
        { isOutsideApi: true },
      )
    }
    const project = call.params['project_id']
    if (project !== undefined && project !== call.projectId) throw badRequest('Malformed request url')
  },
  routes: [
    ...versionRoutes,
    ...volumeRoutes,
    ...volumeActionRoutes,
    ...metadataRoutes('volumes', 'Volume', volumeOf, (call, id, metadata) => {
      call.store.of(volumes).update(id, { metadata, updated_at: call.now })
    }),
    ...snapshotRoutes,
    ...metadataRoutes('snapshots', 'Snapshot', snapshotOf, (call, id, metadata) => {
      call.store.of(snapshots).update(id, { metadata, updated_at: call.now })
    }),
    ...transferRoutes,
    ...volumeTypeRoutes,
    ...volumeTypeSpecRoutes,
    ...volumeTypeChangeRoutes,
    ...volumeTypeEncryptionRoutes,
    ...qosSpecsRoutes,
    ...attachmentRoutes,
    ...availabilityZoneRoutes,
    ...limitRoutes,
    ...quotaSetRoutes,
    ...extensionRoutes,
    ...groupTypeRoutes,
    ...groupRoutes,
    ...groupSnapshotRoutes,
    ...messageRoutes,
    ...resourceFilterRoutes,
    ...serviceListRoutes,
    ...poolRoutes,
    ...quotaClassRoutes,
  ],
})
