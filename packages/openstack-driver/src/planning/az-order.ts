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
 * The VM's zone, given the disks it will get (driver spec §6.8): its own, else that of the first disk. Disks in other
 * zones are no error, since only Nova and Cinder know whether they may be attached (`cross_az_attach`), and Nova's default
 * zone `nova` is the name of no host's zone; `warnings` names them. Not to be asked with `ignore_server_availability_zone`.
 */
export function zoneNearDisks(
  vmZone: string | undefined,
  disks: readonly DiskZone[],
): { readonly zone: string | undefined; readonly warnings: readonly string[] } {
  const zone = vmZone ?? disks[0]?.zone
  // `zone:host` pins a hypervisor inside the zone.
  const zoneName = zone?.split(':', 1)[0]
  const elsewhere = disks.filter((disk) => disk.zone !== zoneName)
  const warnings = elsewhere.map(
    (disk) =>
      `The VM is created in availability zone '${zone}', but its disk '${disk.disk}' is in '${disk.zone}': ` +
      "if the cloud refuses to attach it, set 'availability_zone' of the VM type to the disk's zone",
  )
  return { zone, warnings }
}
