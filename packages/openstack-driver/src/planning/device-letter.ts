import { CpiError } from '@openstack-cpi/cpi-core'

/** What takes device letters before the first attached volume (driver spec §8.1). Unknown flavor: the first two undefined. */
export interface LetterTakers {
  readonly ephemeralGiB?: number
  /** Nova writes "no swap" as an empty text. */
  readonly swap?: number | string
  /** How the server's config drive is presented; undefined when it has none. */
  readonly configDrive: 'disk' | 'cdrom' | undefined
}

const devicePattern = /^\/dev\/(?:s|v|xv)d([a-z])$/

/**
 * The device an attached volume is given or presumed at, `/dev/sd<letter>`: the first letter that is free. Agents try
 * the virtio and Xen spellings of it as well. Throws `CloudError` when `z` is passed.
 */
export function firstFreeDevice(takers: LetterTakers, attachedDevices: readonly (string | null | undefined)[]): string {
  const taken = new Set(attachedDevices.map(deviceLetter))
  const fixed =
    Number((takers.ephemeralGiB ?? 0) > 0) +
    Number(Number(takers.swap ?? 0) > 0) +
    Number(takers.configDrive === 'disk')
  const letter = [...'bcdefghijklmnopqrstuvwxyz'].slice(fixed).find((candidate) => !taken.has(candidate))
  if (letter === undefined) throw new CpiError('CloudError', 'Server has too many disks attached')
  return `/dev/sd${letter}`
}

/** `c` of `/dev/vdc`; undefined for anything that is no whole disk. */
export function deviceLetter(device: string | null | undefined): string | undefined {
  return devicePattern.exec(device ?? '')?.[1]
}
