import { driveLetters, firstFreeLetters } from './drive-letters.ts'

/** How disks are connected: `virtio` is virtio-blk, `scsi` stands for all that Linux's SCSI disk driver names. */
export type DiskBus = 'virtio' | 'scsi'

/** A disk of a guest. */
export interface ConnectedDisk {
  /** Stays the same while the disk is connected. */
  readonly key: string
  /** Place on the bus, from 0 on: a PCI slot, or a unit of the SCSI controller. */
  readonly place: number
  /** The guest's name for it without prefix, `b` of `vdb`; null while the guest has not seen it. */
  readonly letters: string | null
}

/** What a guest knows of its disks. */
export interface GuestState {
  /** How often the guest has booted. */
  readonly boots: number
  readonly disks: readonly ConnectedDisk[]
}

export const neverBooted: GuestState = { boots: 0, disks: [] }

/** Disks that are gone free their place and their name; nothing else changes. */
export const disconnectOthers = (state: GuestState, keys: readonly string[]): GuestState => ({
  ...state,
  disks: state.disks.filter(({ key }) => keys.includes(key)),
})

/** Connects a disk at the first free place; a guest that runs gives it the first free name. */
export const connect = (state: GuestState, key: string, isRunning: boolean): GuestState => {
  if (state.disks.some((disk) => disk.key === key)) return state
  const places = new Set(state.disks.map(({ place }) => place))
  let place = 0
  while (places.has(place)) place += 1
  const letters = isRunning ? firstFreeLetters(new Set(state.disks.flatMap((disk) => disk.letters ?? []))) : null
  return { ...state, disks: [...state.disks, { key, place, letters }] }
}

/** How a guest boots. */
export interface Boot {
  readonly bus: DiskBus
  /** All disks that it has, in the order of the machine's definition. */
  readonly keys: readonly string[]
  /** `kept`: the machine is started again as it is; `renewed`: it is defined again, and places are given out anew. */
  readonly places: 'kept' | 'renewed'
}

/**
 * Boots: the kernel names virtio disks by their place. It names SCSI disks in the order in which probing ends, which
 * this model changes with each boot, so that nothing can rely on it.
 */
export const boot = (before: GuestState, { bus, keys, places }: Boot): GuestState => {
  const start = places === 'kept' ? disconnectOthers(before, keys) : { ...before, disks: [] }
  const connected = keys.reduce((state, key) => connect(state, key, false), start)
  const byPlace = connected.disks.toSorted((a, b) => a.place - b.place)
  const boots = before.boots + 1
  const shift = bus === 'scsi' && byPlace.length > 0 ? boots % byPlace.length : 0
  const disks = byPlace.map((disk, n) => ({ ...disk, letters: driveLetters((n + shift) % byPlace.length) }))
  return { boots, disks }
}
