import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition } from '../../kernel/collection.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import type { Values } from './fields.ts'
import type { OctaviaRecord } from './records.ts'

/** The fields that every new record starts with. */
export const newRecord = (call: Call, values: Values, projectId: string): OctaviaRecord => ({
  id: call.context.ids.uuid(),
  project_id: projectId,
  provisioning_status: 'PENDING_CREATE',
  operating_status: 'OFFLINE',
  admin_state_up: values.get<boolean>('admin_state_up'),
  created_at: call.now,
  updated_at: null,
  tags: values.get<string[]>('tags'),
})

/** Whose the resource shall be; only admins may name another project. */
export const ownerOf = (call: Call, values: Values): string => {
  const asked = values.get<string | null>('project_id') ?? values.get<string | null>('tenant_id') ?? call.projectId
  if (!call.isAdmin && asked !== call.projectId) throw octaviaDialect.forbidden('')
  return asked
}

/** Refuses what would pass the project's quota. */
export const checkQuota = <T extends OctaviaRecord>(
  call: Call,
  collection: CollectionDefinition<T, 'project', never>,
  quota: { name: string; title: string },
  projectId: string,
  adding = 1,
): void => {
  const used = call.store.of(collection).count('project', projectId)
  if (!call.context.quotas.exceeded('load-balancer', projectId, quota.name, used, adding)) return
  throw new ApiError(403, `Quota has been met for resources: ${quota.title}`)
}
