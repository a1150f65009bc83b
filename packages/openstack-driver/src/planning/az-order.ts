import { invalidVm } from './invalid-vm.ts'

/**
 * The zones in the order in which to try them: shuffled, so that VMs spread over them (driver spec §6.8).
 * `random` answers a number in [0, 1). An empty list means "let Nova choose" and stays empty.
 */
export function zonesInRandomOrder(zones: readonly string[], random: () => number): readonly string[] {
  const order = [...zones]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[pick]]
    if (a === undefined || b === undefined) throw new RangeError(`random() must be in [0, 1), index ${pick} is outside`)
    order[last] = b
    order[pick] = a
  }
  return order
}

/** A disk that the director will probably attach, and the Cinder zone it is in. */
export interface DiskZone {
  readonly disk: string
  readonly zone: string
}

/**
 * The VM's zone, given the disks it will get (driver spec §6.8): its own, else the disks' common one. Throws
 * `VmCreationFailed`, not to be retried, when they differ. Not to be asked with `ignore_server_availability_zone`.
 */
export function zoneNearDisks(vmZone: string | undefined, disks: readonly DiskZone[]): string | undefined {
  const zone = vmZone ?? disks[0]?.zone
  // `zone:host` pins a hypervisor inside the zone.
  const zoneName = zone?.split(':', 1)[0]
  const stray = disks.find((disk) => disk.zone !== zoneName)
  if (stray === undefined) return zone
  const place = vmZone === undefined ? `disk '${disks[0]?.disk}' is in AZ '${zone}'` : `VM is created in AZ '${zone}'`
  throw invalidVm(
    `can't use multiple availability zones: ${place}, disk '${stray.disk}' is in AZ '${stray.zone}'. ` +
      "Enable 'openstack.ignore_server_availability_zone' to allow VMs and disks to be in different availability zones",
  )
}
