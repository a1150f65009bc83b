import type { Call } from '../../kernel/call.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { invalidVolume } from './cinder-errors.ts'
import type { GroupRecord } from './group-records.ts'
import { type VolumeRecord, volumes } from './records.ts'

const addable = ['available', 'in-use']
const removable = ['available', 'in-use', 'error', 'error_deleting']

const tupleOf = (words: readonly string[]): string => `(${words.map((word) => pythonRepr(word)).join(', ')})`

/** Volumes that join and leave a group. */
export interface MembershipChange {
  add: readonly string[]
  remove: readonly string[]
}

const idsIn = (list: string | null | undefined): string[] => (list ? list.replace(/^,+|,+$/g, '').split(',') : [])

/** Reads the lists of volumes of an update, after Cinder's checks of each volume; what changes nothing is left out. */
export const membershipChange = (
  call: Call,
  group: GroupRecord,
  asked: { add_volumes?: string | null | undefined; remove_volumes?: string | null | undefined },
): MembershipChange => {
  const adding = idsIn(asked.add_volumes)
  const removing = idsIn(asked.remove_volumes)
  const both = adding.filter((id) => removing.includes(id))
  if (both.length > 0) throw invalidVolume(`UUIDs ${pythonRepr(both)} are in both add and remove volume list.`)
  const members = call.store.of(volumes).where({ group: group.id })
  const add = adding.filter((id) => !members.some((member) => member.id === id))
  for (const id of add) checkAddable(call, group, id)
  for (const member of members) if (removing.includes(member.id)) checkRemovable(group, member)
  for (const id of removing) {
    if (members.some((member) => member.id === id)) continue
    throw invalidVolume(`Cannot remove volume ${id} from group ${group.id} because it is not in the group.`)
  }
  return { add, remove: removing }
}

const checkRemovable = (group: GroupRecord, { id, status }: VolumeRecord): void => {
  if (removable.includes(status)) return
  throw invalidVolume(
    `Cannot remove volume ${id} from group ${group.id} because volume is in an invalid state: ${status}. ` +
      `Valid states are: ${tupleOf(removable)}.`,
  )
}

const checkAddable = (call: Call, group: GroupRecord, id: string): void => {
  const refused = (reason: string) => invalidVolume(`Cannot add volume ${id} to group ${group.id} ${reason}`)
  const volume = call.store.of(volumes).get(id)
  if (!volume || (volume.project_id !== call.projectId && !call.isAdmin)) {
    throw refused('because volume cannot be found.')
  }
  if (volume.group_id) throw refused(`because it is already in group ${volume.group_id}.`)
  if (volume.project_id !== group.project_id) throw refused('as they belong to different projects.')
  if (volume.volume_type_id === null) throw refused('because it has no volume type.')
  if (!group.volume_type_ids.includes(volume.volume_type_id)) {
    throw refused(`because volume type ${volume.volume_type_id} is not supported by the group.`)
  }
  if (!addable.includes(volume.status)) {
    throw refused(`because volume is in an invalid state: ${volume.status}. Valid states are: ${tupleOf(addable)}.`)
  }
  if (volume.availability_zone !== group.availability_zone) throw invalidVolume('Volume is not local to this node.')
}
