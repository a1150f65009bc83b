/** Nova's lasting states of a server. */
export type VmState =
  | 'building'
  | 'active'
  | 'paused'
  | 'suspended'
  | 'stopped'
  | 'rescued'
  | 'resized'
  | 'error'
  | 'shelved'
  | 'shelved_offloaded'
  | 'soft-delete'
  | 'deleted'

/**
 * What `status` says, by `vm_state` and `task_state`
 * (https://opendev.org/openstack/nova/src/branch/stable/zed/nova/api/openstack/common.py, `_STATE_MAP`).
 */
const rebuilding = {
  rebuilding: 'REBUILD',
  rebuild_block_device_mapping: 'REBUILD',
  rebuild_spawning: 'REBUILD',
}
const resizing = {
  resize_prep: 'RESIZE',
  resize_migrating: 'RESIZE',
  resize_migrated: 'RESIZE',
  resize_finish: 'RESIZE',
}

const statuses: Readonly<Record<VmState, { standard: string; byTask?: Readonly<Record<string, string>> }>> = {
  active: {
    standard: 'ACTIVE',
    byTask: {
      rebooting: 'REBOOT',
      reboot_pending: 'REBOOT',
      reboot_started: 'REBOOT',
      rebooting_hard: 'HARD_REBOOT',
      reboot_pending_hard: 'HARD_REBOOT',
      reboot_started_hard: 'HARD_REBOOT',
      updating_password: 'PASSWORD',
      migrating: 'MIGRATING',
      ...rebuilding,
      ...resizing,
    },
  },
  building: { standard: 'BUILD' },
  stopped: { standard: 'SHUTOFF', byTask: { ...resizing, ...rebuilding } },
  resized: { standard: 'VERIFY_RESIZE', byTask: { resize_reverting: 'REVERT_RESIZE' } },
  paused: { standard: 'PAUSED', byTask: { migrating: 'MIGRATING' } },
  suspended: { standard: 'SUSPENDED' },
  rescued: { standard: 'RESCUE' },
  error: { standard: 'ERROR', byTask: rebuilding },
  'soft-delete': { standard: 'SOFT_DELETED' },
  deleted: { standard: 'DELETED' },
  shelved: { standard: 'SHELVED' },
  shelved_offloaded: { standard: 'SHELVED_OFFLOADED' },
}

/** The status that users see. */
export const statusOf = (server: { readonly vm_state: VmState; readonly task_state: string | null }): string => {
  const { standard, byTask } = statuses[server.vm_state]
  return (server.task_state !== null && byTask?.[server.task_state]) || standard
}

/** All statuses that there are, in small letters, for the list's filter. */
export const knownStatuses: ReadonlySet<string> = new Set(
  Object.values(statuses).flatMap(({ standard, byTask }) =>
    [standard, ...Object.values(byTask ?? {})].map((status) => status.toLowerCase()),
  ),
)
