import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { since } from './cinder-errors.ts'

const ofVolumes = ['name', 'status', 'metadata', 'bootable', 'migration_status', 'availability_zone', 'group_id']

/** Filters that users may use, by resource: as in the `resource_filters.json` that all releases of Cinder bring. */
const filters: Readonly<Record<string, readonly string[]>> = {
  volume: [...ofVolumes, 'size', 'created_at', 'updated_at', 'consumes_quota'],
  backup: ['name', 'status', 'volume_id'],
  snapshot: ['name', 'status', 'volume_id', 'metadata', 'availability_zone', 'consumes_quota'],
  group: ['name'],
  group_snapshot: ['name', 'status', 'group_id'],
  attachment: ['volume_id', 'status', 'instance_id', 'attach_status'],
  message: ['resource_uuid', 'resource_type', 'event_id', 'request_id', 'message_level'],
  pool: ['name', 'volume_type'],
  volume_type: ['is_public', 'extra_specs'],
}

const list = (call: Call) => {
  const asked = call.query.get('resource')
  const wanted = Object.entries(filters).filter(([resource]) => asked === null || resource === asked)
  return ok({ resource_filters: wanted.map(([resource, names]) => ({ resource, filters: names })) })
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#resource-filters */
export const resourceFilterRoutes: readonly Route[] = [
  { method: 'GET', path: '/resource_filters', operation: 'resource-filters.list', handle: since('3.33', list) },
]
