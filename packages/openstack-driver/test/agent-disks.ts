import type { Guest, GuestDisk } from 'fake-openstack'

/**
 * Finds a disk as BOSH's agent does with the virtio strategy (contract §8.2): by the whole disk CID in `/dev/disk/by-id`,
 * then by the hint, where `/dev/sdX` is tried as `/dev/xvdX`, `/dev/vdX` and `/dev/sdX`, and another path is taken as it
 * is, links followed. Undefined when the agent would give up.
 */
export function diskFoundByAgent({ disks }: Guest, hint: string, diskCid?: string): GuestDisk | undefined {
  const byId = disks.find(({ links }) => diskCid !== undefined && links.some((link) => link.endsWith(diskCid)))
  return byId ?? pathsOf(hint).flatMap((path) => diskAt(disks, path) ?? [])[0]
}

function pathsOf(hint: string): readonly string[] {
  const letters = /^\/dev\/sd([a-z]+)$/.exec(hint)?.[1]
  return letters === undefined ? [hint] : ['xvd', 'vd', 'sd'].map((prefix) => `/dev/${prefix}${letters}`)
}

function diskAt(disks: readonly GuestDisk[], path: string): GuestDisk | undefined {
  return disks.find(({ device, links }) => device === path || links.includes(path))
}
