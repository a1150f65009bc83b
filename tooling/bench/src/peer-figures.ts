/**
 * Requests per method of the life cycle, as counted behind a proxy for the two other OpenStack CPIs on the reference
 * cloud with a poll interval of 1 s; each call logs in, and its logins are among them. `has_disk` neither has.
 */
export const peerRequests: Readonly<Record<string, { readonly go: number; readonly ruby?: number }>> = {
  info: { go: 0, ruby: 0 },
  create_stemcell: { go: 3, ruby: 5 },
  calculate_vm_cloud_properties: { go: 2, ruby: 3 },
  create_vm: { go: 14, ruby: 13 },
  set_vm_metadata: { go: 5, ruby: 5 },
  has_vm: { go: 2, ruby: 3 },
  create_disk: { go: 7, ruby: 7 },
  attach_disk: { go: 10, ruby: 11 },
  set_disk_metadata: { go: 3, ruby: 3 },
  get_disks: { go: 3 },
  snapshot_disk: { go: 4, ruby: 6 },
  delete_snapshot: { go: 4, ruby: 5 },
  detach_disk: { go: 6, ruby: 10 },
  resize_disk: { go: 5, ruby: 5 },
  reboot_vm: { go: 5, ruby: 6 },
  delete_vm: { go: 10, ruby: 10 },
  delete_disk: { go: 5, ruby: 5 },
  delete_stemcell: { go: 2, ruby: 3 },
}

/** Budget: the life cycle makes at most this share of the Go CPI's requests. */
export const requestBudget = 0.55

/**
 * Seconds per method of the two on the reference cloud: medians on a machine with 2 cores, where bare Node 24 took 25 ms to
 * start. The stemcell has 1 MiB; the snapshot's two methods took the Go CPI the same time.
 */
export const peerSeconds: Readonly<Record<string, { readonly go?: number; readonly ruby?: number }>> = {
  info: { go: 0.007, ruby: 0.34 },
  create_stemcell: { go: 0.37, ruby: 0.74 },
  calculate_vm_cloud_properties: { go: 0.27, ruby: 0.69 },
  create_vm: { go: 12.7, ruby: 4.3 },
  set_vm_metadata: { go: 0.42, ruby: 0.81 },
  has_vm: { go: 0.37, ruby: 0.71 },
  create_disk: { go: 10.9, ruby: 2.2 },
  attach_disk: { go: 10.8, ruby: 2.2 },
  set_disk_metadata: { go: 0.29, ruby: 0.64 },
  get_disks: { go: 0.37 },
  snapshot_disk: { go: 10.3, ruby: 1.7 },
  delete_snapshot: { go: 10.3, ruby: 1.9 },
  detach_disk: { go: 0.78, ruby: 2.5 },
  resize_disk: { go: 10.4, ruby: 2.0 },
  reboot_vm: { go: 10.6, ruby: 2.1 },
  delete_vm: { go: 11.1, ruby: 2.7 },
  delete_disk: { go: 10.3, ruby: 1.8 },
  delete_stemcell: { go: 0.35, ruby: 0.65 },
}
