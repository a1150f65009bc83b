import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { type GroupRecord, type GroupSnapshotRecord, groupSnapshots, groups } from './group-records.ts'

export const invalidGroup = (reason: string) => badRequest(`Invalid Group: ${reason}`)

/** A group if the project may see it; else Cinder's 404. */
export const groupOf = (call: Call, id: string = call.param('id')): GroupRecord => {
  const group = call.store.of(groups).get(id)
  if (!group || (group.project_id !== call.projectId && !call.isAdmin))
    throw notFound(`Group ${id} could not be found.`)
  return group
}

/** A group snapshot if the project may see it; else Cinder's 404. */
export const groupSnapshotOf = (call: Call, id: string = call.param('id')): GroupSnapshotRecord => {
  const snapshot = call.store.of(groupSnapshots).get(id)
  if (!snapshot || (snapshot.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`GroupSnapshot ${id} could not be found.`)
  }
  return snapshot
}
