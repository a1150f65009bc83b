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
export const requestBudget = 0.6
