import type { Failure } from '../../kernel/failure.ts'
import { defineLifecycle, type StepContext } from '../../kernel/lifecycle.ts'
import { type GroupRecord, type GroupSnapshotRecord, groupSnapshots, groups } from './group-records.ts'
import { type SnapshotRecord, snapshots, type VolumeRecord, volumes } from './records.ts'

const now = ({ context }: StepContext): number => context.clock.now()

const setVolumes = (context: StepContext, group: GroupRecord, changes: Partial<VolumeRecord>): void => {
  for (const { id } of context.context.store.of(volumes).where({ group: group.id })) {
    context.context.store.of(volumes).update(id, { ...changes, updated_at: now(context) })
  }
}

const setSnapshots = (context: StepContext, of: GroupSnapshotRecord, changes: Partial<SnapshotRecord>): void => {
  for (const { id } of context.context.store.of(snapshots).where({ groupSnapshot: of.id })) {
    context.context.store.of(snapshots).update(id, { ...changes, updated_at: now(context) })
  }
}

/** A group fails with all its volumes. */
const failWithVolumes = (group: GroupRecord, failure: Failure, context: StepContext) => {
  setVolumes(context, group, { status: failure.to })
  return { status: failure.to, updated_at: now(context) }
}

/** A group snapshot fails with its snapshots. */
const failWithSnapshots = (snapshot: GroupSnapshotRecord, failure: Failure, context: StepContext) => {
  setSnapshots(context, snapshot, { status: failure.to })
  return { status: failure.to, updated_at: now(context) }
}

/** An empty group: `creating` → `available`. */
export const createGroup = defineLifecycle({
  name: 'groups.create',
  collection: groups,
  steps: [
    {
      name: 'available',
      afterMs: 80,
      apply: (_, context) => ({ status: 'available', created_at: now(context), updated_at: now(context) }),
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** A group with copies of volumes: all go `creating` → `available` together. */
export const copyGroup = defineLifecycle({
  name: 'groups.create-from-source',
  collection: groups,
  steps: [
    {
      name: 'available',
      afterMs: 160,
      apply: (group, context) => {
        setVolumes(context, group, { status: 'available', created_at: now(context) })
        return { status: 'available', created_at: now(context), updated_at: now(context) }
      },
    },
  ],
  fail: failWithVolumes,
})

const idsIn = (context: StepContext, key: 'add' | 'remove'): readonly string[] => {
  const ids = context.payload[key]
  return Array.isArray(ids) ? ids.map(String) : []
}

/** `updating` → `available`; the payload's `add` and `remove` are ids of volumes. */
export const updateGroup = defineLifecycle({
  name: 'groups.update',
  collection: groups,
  steps: [
    {
      name: 'available',
      afterMs: 60,
      apply: (group, context) => {
        const all = context.context.store.of(volumes)
        for (const id of idsIn(context, 'add')) if (all.has(id)) all.update(id, { group_id: group.id })
        for (const id of idsIn(context, 'remove')) if (all.has(id)) all.update(id, { group_id: null })
        return { status: 'available', updated_at: now(context) }
      },
    },
  ],
  fail: (_, failure, context) => {
    const all = context.context.store.of(volumes)
    for (const id of [...idsIn(context, 'add'), ...idsIn(context, 'remove')]) {
      if (all.has(id)) all.update(id, { status: failure.to, updated_at: now(context) })
    }
    return { status: failure.to, updated_at: now(context) }
  },
})

/** `deleting` → gone, with its volumes. */
export const deleteGroup = defineLifecycle({
  name: 'groups.delete',
  collection: groups,
  steps: [
    {
      name: 'gone',
      afterMs: 80,
      apply: (group, { context: { store } }) => {
        for (const { id } of store.of(volumes).where({ group: group.id })) store.of(volumes).delete(id)
        store.of(groups).delete(group.id)
        return undefined
      },
    },
  ],
  fail: failWithVolumes,
})

/** The snapshots of a group's volumes: all go `creating` → `available` together. */
export const createGroupSnapshot = defineLifecycle({
  name: 'group-snapshots.create',
  collection: groupSnapshots,
  steps: [
    {
      name: 'available',
      afterMs: 80,
      apply: (snapshot, context) => {
        setSnapshots(context, snapshot, { status: 'available', progress: '100%' })
        return { status: 'available', updated_at: now(context) }
      },
    },
  ],
  fail: failWithSnapshots,
})

/** `deleting` → gone, with its snapshots. */
export const deleteGroupSnapshot = defineLifecycle({
  name: 'group-snapshots.delete',
  collection: groupSnapshots,
  steps: [
    {
      name: 'gone',
      afterMs: 80,
      apply: ({ id }, { context: { store } }) => {
        for (const one of store.of(snapshots).where({ groupSnapshot: id })) store.of(snapshots).delete(one.id)
        store.of(groupSnapshots).delete(id)
        return undefined
      },
    },
  ],
  fail: failWithSnapshots,
})

export const groupLifecycles = [
  createGroup,
  copyGroup,
  updateGroup,
  deleteGroup,
  createGroupSnapshot,
  deleteGroupSnapshot,
]
