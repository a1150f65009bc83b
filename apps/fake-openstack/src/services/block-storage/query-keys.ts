// Columns by which Cinder lets administrators filter and the fake has nothing to compare with.

const ofAll = ['deleted', 'deleted_at']
const ofDrivers = ['provider_location', 'provider_auth', 'provider_id', 'encryption_key_id', 'host', 'cluster_name']

export const unmodelledVolumeColumns: readonly string[] = [
  ...ofAll,
  ...ofDrivers,
  ...['_name_id', 'ec2_id', 'attach_status', 'scheduled_at', 'launched_at', 'terminated_at', 'provider_geometry'],
  ...['replication_status', 'replication_extended_status', 'replication_driver_data', 'previous_status'],
  ...[
    'name~',
    'description~',
    'service_uuid',
    'shared_targets',
    'consistencygroup_id',
    'glance_metadata',
    'no_migration_targets',
  ],
]

export const unmodelledSnapshotColumns: readonly string[] = [
  ...ofAll,
  ...ofDrivers,
  ...['cgsnapshot_id', 'group_snapshot_id', 'progress', 'scheduled_at', 'volume_type_id', 'created_at', 'updated_at'],
]

export const unmodelledAttachmentColumns: readonly string[] = [
  ...ofAll,
  ...['attached_host', 'mountpoint', 'attach_time', 'detach_time', 'attach_mode', 'connection_info', 'connector'],
  ...['created_at', 'updated_at'],
]

export const unmodelledTypeColumns: readonly string[] = [...ofAll, ...['qos_specs_id', 'created_at', 'updated_at']]

export const unmodelledTransferColumns: readonly string[] = [
  ...ofAll,
  ...['created_at', 'updated_at', 'salt', 'crypt_hash', 'expires_at'],
  ...['no_snapshots', 'destination_project_id', 'accepted'],
]

export const unmodelledGroupColumns: readonly string[] = [
  ...ofAll,
  ...['created_at', 'updated_at', 'host', 'cluster_name', 'backend_match_level'],
]

export const unmodelledGroupSnapshotColumns: readonly string[] = [...ofAll, 'created_at', 'updated_at']

export const unmodelledMessageColumns: readonly string[] = [
  ...ofAll,
  ...['created_at', 'updated_at', 'expires_at', 'action_id', 'detail_id'],
]

/** Query keys that are 501, by path. */
export const unmodelledQueryKeys: Readonly<Record<string, readonly string[]>> = {
  '/volumes': unmodelledVolumeColumns,
  '/volumes/detail': unmodelledVolumeColumns,
  '/snapshots': unmodelledSnapshotColumns,
  '/snapshots/detail': unmodelledSnapshotColumns,
  '/attachments': unmodelledAttachmentColumns,
  '/attachments/detail': unmodelledAttachmentColumns,
  '/types': unmodelledTypeColumns,
  '/os-volume-transfer': unmodelledTransferColumns,
  '/os-volume-transfer/detail': unmodelledTransferColumns,
  '/volume-transfers': unmodelledTransferColumns,
  '/volume-transfers/detail': unmodelledTransferColumns,
  '/groups': unmodelledGroupColumns,
  '/groups/detail': unmodelledGroupColumns,
  '/group_snapshots': unmodelledGroupSnapshotColumns,
  '/group_snapshots/detail': unmodelledGroupSnapshotColumns,
  '/messages': unmodelledMessageColumns,
}
