/** Filters of administrators that Nova obeys and the fake does not. */
export const unmodelledServerFilters: readonly string[] = [
  ...['auto_disk_config', 'created_at', 'kernel_id', 'launched_at', 'locked_by', 'ramdisk_id', 'soft_deleted'],
  'terminated_at',
]

const hypervisors = ['limit', 'marker', 'hypervisor_hostname_pattern', 'with_servers']

/** Query keys that are 501, so that no list seems to be filtered or paged. All others of Nova's schemas are obeyed. */
export const unmodelledQueryKeys: Readonly<Record<string, readonly string[]>> = {
  '/servers': unmodelledServerFilters,
  '/servers/detail': unmodelledServerFilters,
  '/os-hypervisors': hypervisors,
  '/os-hypervisors/detail': hypervisors,
  '/os-hosts': ['zone'],
}
