import { cinderDialect } from '../../kernel/dialects/openstack-fault.ts'
import { defineService } from '../../kernel/service.ts'
import { blockStorageLifecycles } from './lifecycles.ts'
import { quotaDefaults } from './quota-check.ts'
import { snapshots, volumeAttachments, volumes, volumeTypes } from './records.ts'

/** Cinder v3, microversions 3.0 to 3.70. */
export const blockStorageService = defineService({
  type: 'volumev3',
  name: 'block-storage',
  project: 'cinderv3',
  prefix: '/volume',
  bases: ['/v3/:project_id'],
  catalogPath: '/v3/%(project_id)s',
  dialect: cinderDialect,
  microversions: { min: '3.0', max: '3.70', name: 'volume' },
  collections: [volumes, snapshots, volumeTypes, volumeAttachments],
  lifecycles: blockStorageLifecycles,
  quotas: quotaDefaults,
  routes: [],
})
