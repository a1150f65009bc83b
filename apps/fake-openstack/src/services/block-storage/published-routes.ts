/** Every route of Cinder, as its own packages publish them: methods and path, one path a line. */
export const publishedRoutes = `
GET POST /attachments
GET PUT DELETE /attachments/:id
POST /attachments/:id/action
GET /attachments/detail
GET /attachments/summary
GET POST /backups
GET PUT DELETE /backups/:id
POST /backups/:id/action
GET /backups/:id/export_record
POST /backups/:id/restore
GET /backups/detail
POST /backups/import_record
GET POST /capabilities
GET PUT DELETE /capabilities/:id
GET POST /cgsnapshots
GET PUT DELETE /cgsnapshots/:id
GET /cgsnapshots/detail
GET POST /clusters
GET PUT DELETE /clusters/:id
GET /clusters/detail
GET POST /consistencygroups
GET PUT DELETE /consistencygroups/:id
POST /consistencygroups/:id/action
POST /consistencygroups/:id/delete
PUT /consistencygroups/:id/update
POST /consistencygroups/create_from_src
GET /consistencygroups/detail
GET /default-types
GET PUT DELETE /default-types/:id
GET POST /extensions
GET PUT DELETE /extensions/:id
GET POST /group_snapshots
GET PUT DELETE /group_snapshots/:id
POST /group_snapshots/:id/action
GET /group_snapshots/detail
GET POST /group_types
GET PUT DELETE /group_types/:id
POST /group_types/:id/action
GET POST /group_types/:id/group_specs
GET PUT DELETE /group_types/:id/group_specs/:id
GET POST /groups
GET PUT DELETE /groups/:id
POST /groups/:id/action
POST /groups/action
GET /groups/detail
GET POST /limits
GET PUT DELETE /limits/:id
GET POST /manageable_snapshots
GET PUT DELETE /manageable_snapshots/:id
GET /manageable_snapshots/detail
GET POST /manageable_volumes
GET PUT DELETE /manageable_volumes/:id
GET /manageable_volumes/detail
GET POST /messages
GET PUT DELETE /messages/:id
GET /messages/detail
GET POST /os-availability-zone
GET PUT DELETE /os-availability-zone/:id
GET POST PUT /os-hosts
GET PUT DELETE /os-hosts/:id
GET /os-hosts/:id/reboot
GET /os-hosts/:id/shutdown
GET /os-hosts/:id/startup
GET POST /os-quota-class-sets
GET PUT DELETE /os-quota-class-sets/:id
GET POST /os-quota-sets
GET PUT DELETE /os-quota-sets/:id
GET /os-quota-sets/:id/defaults
GET POST /os-services
GET PUT DELETE /os-services/:id
GET POST /os-snapshot-manage
GET PUT DELETE /os-snapshot-manage/:id
GET /os-snapshot-manage/detail
GET POST /os-volume-manage
GET PUT DELETE /os-volume-manage/:id
GET /os-volume-manage/detail
GET POST /os-volume-transfer
GET PUT DELETE /os-volume-transfer/:id
POST /os-volume-transfer/:id/accept
GET /os-volume-transfer/detail
GET POST /qos-specs
GET PUT DELETE /qos-specs/:id
GET /qos-specs/:id/associate
GET /qos-specs/:id/associations
PUT /qos-specs/:id/delete_keys
GET /qos-specs/:id/disassociate
GET /qos-specs/:id/disassociate_all
GET POST /resource_filters
GET PUT DELETE /resource_filters/:id
GET POST /scheduler-stats
GET PUT DELETE /scheduler-stats/:id
GET /scheduler-stats/get_pools
GET POST /snapshots
GET PUT DELETE /snapshots/:id
POST /snapshots/:id/action
GET POST PUT /snapshots/:id/metadata
GET PUT DELETE /snapshots/:id/metadata/:id
GET /snapshots/detail
GET POST /types
GET PUT DELETE /types/:id
POST /types/:id/action
GET POST /types/:id/encryption
GET PUT DELETE /types/:id/encryption/:id
GET POST /types/:id/extra_specs
GET PUT DELETE /types/:id/extra_specs/:id
GET POST /types/:id/os-volume-type-access
GET PUT DELETE /types/:id/os-volume-type-access/:id
GET POST /volume-transfers
GET PUT DELETE /volume-transfers/:id
POST /volume-transfers/:id/accept
GET /volume-transfers/detail
GET POST /volumes
GET PUT DELETE /volumes/:id
POST /volumes/:id/action
GET POST /volumes/:id/encryption
GET PUT DELETE /volumes/:id/encryption/:id
GET POST PUT /volumes/:id/metadata
GET PUT DELETE /volumes/:id/metadata/:id
GET /volumes/detail
GET /volumes/summary
GET POST /workers
GET PUT DELETE /workers/:id
POST /workers/cleanup
`

/** First keys of the bodies of its `POST …/action` routes, by path. */
export const publishedActions: Readonly<Record<string, readonly string[]>> = {
  '/volumes/:id/action': [
    'os-attach',
    'os-begin_detaching',
    'os-detach',
    'os-extend',
    'os-force_delete',
    'os-force_detach',
    'os-initialize_connection',
    'os-migrate_volume',
    'os-migrate_volume_completion',
    'os-reimage',
    'os-reserve',
    'os-reset_status',
    'os-retype',
    'os-roll_detaching',
    'os-set_bootable',
    'os-set_image_metadata',
    'os-show_image_metadata',
    'os-terminate_connection',
    'os-unmanage',
    'os-unreserve',
    'os-unset_image_metadata',
    'os-update_readonly_flag',
    'os-volume_upload_image',
    'revert',
  ],
  '/types/:id/action': ['addProjectAccess', 'create', 'delete', 'removeProjectAccess', 'update'],
  '/groups/:id/action': [
    'create-from-src',
    'delete',
    'disable_replication',
    'enable_replication',
    'failover_replication',
    'list_replication_targets',
    'reset_status',
  ],
  '/groups/action': [
    'create-from-src',
    'delete',
    'disable_replication',
    'enable_replication',
    'failover_replication',
    'list_replication_targets',
    'reset_status',
  ],
  '/group_snapshots/:id/action': ['reset_status'],
  '/snapshots/:id/action': ['os-force_delete', 'os-reset_status', 'os-unmanage', 'os-update_snapshot_status'],
  '/attachments/:id/action': ['os-complete'],
  '/backups/:id/action': ['os-force_delete', 'os-reset_status'],
}
