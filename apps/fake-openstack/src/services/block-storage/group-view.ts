import type { Call } from '../../kernel/call.ts'
import type { GroupRecord } from './group-records.ts'
import { booleanOf } from './list-query.ts'
import { volumes } from './records.ts'
import { storedTime } from './volume-view.ts'

export const groupSummary = (_: Call, { id, name }: GroupRecord) => ({ id, name })

export const groupDetail = (call: Call, group: GroupRecord) => ({
  id: group.id,
  status: group.status,
  availability_zone: group.availability_zone,
  created_at: storedTime(group.created_at),
  name: group.name,
  description: group.description,
  group_type: group.group_type_id,
  volume_types: group.volume_type_ids,
  ...(call.microversion.atLeast('3.14')
    ? { group_snapshot_id: group.group_snapshot_id, source_group_id: group.source_group_id }
    : {}),
  ...(call.microversion.atLeast('3.25') && booleanOf(call, 'list_volume')
    ? {
        volumes: call.store
          .of(volumes)
          .where({ group: group.id })
          .map(({ id }) => id),
      }
    : {}),
  ...(call.microversion.atLeast('3.38') ? { replication_status: 'disabled' } : {}),
  ...(call.isAdmin && call.microversion.atLeast('3.58') ? { project_id: group.project_id } : {}),
})
