import * as z from 'zod'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsHtml } from '../../kernel/reply.ts'
import { attachmentsOfVolume } from './attaching.ts'
import { deleteGroup } from './group-lifecycles.ts'
import { groupOf, invalidGroup } from './group-lookup.ts'
import { type GroupRecord, groupSnapshots, groups } from './group-records.ts'
import { snapshots, type VolumeRecord, volumes } from './records.ts'
import { isTrue } from './schema-fields.ts'

const deleteBody = z.strictObject({ delete: z.strictObject({ 'delete-volumes': z.unknown().optional() }) })

/** The action `delete`: the group goes, and with `delete-volumes` its volumes do. */
export const removeGroup = (call: Call) => {
  const { delete: asked } = call.json(deleteBody)
  const withVolumes = isTrue(asked['delete-volumes'])
  const group = groupOf(call)
  call.context.lifecycle.cancel(groups, group.id)
  if (!group.is_scheduled) {
    call.store.of(groups).delete(group.id)
    return acceptedAsHtml()
  }
  checkDeletable(call, group, withVolumes)
  for (const { id } of call.store.of(volumes).where({ group: group.id })) {
    call.context.lifecycle.cancel(volumes, id)
    call.store.of(volumes).update(id, { status: 'deleting', updated_at: call.now })
  }
  call.store.of(groups).update(group.id, { status: 'deleting', updated_at: call.now })
  call.context.lifecycle.start(deleteGroup, group.id)
  return acceptedAsHtml()
}

const checkDeletable = (call: Call, group: GroupRecord, withVolumes: boolean): void => {
  if (!withVolumes && !['available', 'error'].includes(group.status)) {
    throw invalidGroup(`Group status must be available or error, but current status is: ${group.status}`)
  }
  if (call.store.of(groupSnapshots).count('group', group.id) > 0) throw invalidGroup('Group has existing snapshots.')
  const members = call.store.of(volumes).where({ group: group.id })
  if (members.length > 0 && !withVolumes) {
    throw invalidGroup(`Group ${group.id} still contains volumes. The delete-volumes flag is required to delete it.`)
  }
  for (const volume of members) checkMember(call, group, volume)
  if (
    call.store
      .of(groups)
      .where({ sourceGroup: group.id })
      .some(({ status }) => status === 'creating')
  ) {
    const reason = withVolumes
      ? 'Group status must be available or error and must not have dependent group snapshots'
      : 'Group must not have attached volumes, volumes with snapshots, or dependent group snapshots'
    throw invalidGroup(
      `Cannot delete group ${group.id}. ${reason}, and it cannot be the source for an ongoing group or group snapshot creation.`,
    )
  }
}

const checkMember = (call: Call, group: GroupRecord, { id }: VolumeRecord): void => {
  if (attachmentsOfVolume(call.context, id).some((one) => one.attach_status === 'attached')) {
    throw invalidGroup(`Volume in group ${group.id} is attached. Need to detach first.`)
  }
  if (call.store.of(snapshots).count('volume', id) > 0) {
    throw invalidGroup('Volume in group still has dependent snapshots.')
  }
}

const resetBody = z.strictObject({ reset_status: z.strictObject({ status: z.string() }) })

/** The action `reset_status` of administrators. */
export const resetGroupStatus = (call: Call) => {
  const { status } = call.json(resetBody).reset_status
  const { id } = groupOf(call)
  call.requireAdmin('group:reset_status')
  call.context.lifecycle.cancel(groups, id)
  call.store.of(groups).update(id, { status: status.toLowerCase(), updated_at: call.now })
  return acceptedAsHtml()
}
