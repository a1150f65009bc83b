import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { type Columns, columnFilters } from './column-filters.ts'
import { type GroupRecord, groups } from './group-records.ts'
import { listOf } from './list-query.ts'
import { unmodelledGroupColumns } from './query-keys.ts'

const columns: Columns<GroupRecord> = {
  id: (g) => g.id,
  status: (g) => g.status,
  description: (g) => g.description,
  availability_zone: (g) => g.availability_zone,
  group_type_id: (g) => g.group_type_id,
  group_snapshot_id: (g) => g.group_snapshot_id,
  source_group_id: (g) => g.source_group_id,
  user_id: (g) => g.user_id,
  project_id: (g) => g.project_id,
  replication_status: () => 'disabled',
}
const name = (group: GroupRecord): string | null => group.name

/** `GET` of a list of groups. The link to the next page leaves out the details, as Cinder's does. */
export const listGroups = (view: (call: Call, group: GroupRecord) => unknown) => (call: Call) =>
  ok(
    listOf(
      call,
      call.store.of(groups),
      { project: call.isAdmin && call.query.has('all_tenants') ? undefined : call.projectId },
      {
        collection: 'groups',
        linksKey: 'group_links',
        linkPath: 'groups',
        unknownMarker: (marker) => `Group ${marker} could not be found.`,
        sortKeys: { ...columns, name, created_at: (g) => g.created_at, updated_at: (g) => g.updated_at },
        filters: columnFilters({ name }),
        adminFilters: columnFilters(columns),
        unmodelled: unmodelledGroupColumns,
        allTenants: 'any',
        noFilters: ['list_volume'],
        strictFrom: '3.31',
        isOfAllColumns: true,
        isCounted: false,
      },
      (group) => view(call, group),
    ),
  )
