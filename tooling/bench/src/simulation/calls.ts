import type { CallCost } from './cost-model.ts'
import type { CloudTimes } from './deployment.ts'

/**
 * The calls for one new VM with a disk, as `docs/api-calls.md` lists their requests, without login and polls. Requests
 * side by side are one round.
 */
export function callsOf({ buildMs, volumeMs, attachMs }: CloudTimes): readonly CallCost[] {
  return [
    // Flavor, key pair, image and security groups side by side; port; server; tags of the port once it is active.
    { method: 'create_vm', rounds: 4, requests: 7, waits: [{ readyMs: buildMs, notBeforeMs: 1_000 }] },
    // Metadata and the list of ports side by side; tags.
    { method: 'set_vm_metadata', rounds: 2, requests: 3, waits: [] },
    // The server's zone; the volume; its mark.
    { method: 'create_disk', rounds: 3, requests: 3, waits: [{ readyMs: volumeMs, notBeforeMs: 0 }] },
    // The volume; the attachment; its device.
    { method: 'attach_disk', rounds: 3, requests: 3, waits: [{ readyMs: attachMs, notBeforeMs: 0 }] },
    { method: 'set_disk_metadata', rounds: 1, requests: 1, waits: [] },
  ]
}
