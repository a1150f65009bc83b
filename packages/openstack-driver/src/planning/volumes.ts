import { CpiError, type JsonObject, type Logger, readProperties } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { hash, text } from './cloud-property-shapes.ts'

const mibPerGiB = 1024

/** Cloud properties of a disk type (driver spec §5.3). */
export interface DiskCloudProperties {
  /** Name or id of a Cinder volume type. */
  readonly type: string | undefined
  readonly availabilityZone: string | undefined
  readonly schedulerHints: JsonObject | undefined
  /** Of a dynamic disk, as its user calls it; need not be unique. */
  readonly name: string | undefined
}

export const diskCloudPropertiesSchema = z.object({
  type: z.optional(text),
  availability_zone: z.optional(text),
  scheduler_hints: z.optional(hash),
  name: z.optional(text),
})

/**
 * Reads a disk type's cloud properties. Throws `CloudError` that names everything that is wrong.
 * @param log gets a warning for each unknown property
 */
export function readDiskCloudProperties(properties: JsonObject, log: Pick<Logger, 'warn'>): DiskCloudProperties {
  const { type, availability_zone, scheduler_hints, name } = readProperties(diskCloudPropertiesSchema, properties, {
    what: 'disk cloud properties',
    code: 'CloudError',
    log,
  })
  return { type, availabilityZone: availability_zone, schedulerHints: scheduler_hints, name }
}

/**
 * BOSH's MiB as Cinder's GiB, rounded up (driver spec §7.10). Throws `CloudError` for less than 1 GiB and for what is no
 * whole number.
 */
export function toGiB(sizeMiB: number): number {
  if (!Number.isSafeInteger(sizeMiB))
    throw new CpiError('CloudError', `Disk size needs to be an integer, got ${sizeMiB}`)
  if (sizeMiB < mibPerGiB) throw new CpiError('CloudError', `Minimum disk size is 1 GiB, got ${sizeMiB} MiB`)
  return Math.ceil(sizeMiB / mibPerGiB)
}

/**
 * What a new size means for a volume. Throws `NotSupported`, for "copy instead", when it is smaller
 * (driver spec §7.15).
 */
export function planResize(
  volume: { readonly id: string; readonly size: number },
  newSizeMiB: number,
): 'keep' | 'extend' {
  const newSizeGiB = toGiB(newSizeMiB)
  if (newSizeGiB < volume.size) {
    throw new CpiError(
      'NotSupported',
      `Cannot resize volume \`${volume.id}' to a smaller size from ${volume.size} GiB to ${newSizeGiB} GiB`,
    )
  }
  return newSizeGiB === volume.size ? 'keep' : 'extend'
}

/**
 * States Cinder and Nova leave by themselves, soon.
 * https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes
 */
const passingStates: ReadonlySet<string> = new Set([
  'creating',
  'downloading',
  'uploading',
  'reserved',
  'attaching',
  'detaching',
  'extending',
  'retyping',
  'backing-up',
  'restoring-backup',
  'reverting',
])

/** What of a volume decides whether it can be attached, changed or deleted. */
export interface VolumeFacts {
  readonly status: string
  readonly attachments: readonly { readonly server_id: string }[]
}

/** Will the volume be in another state after a while without our doing? */
export function isPassing(volume: VolumeFacts): boolean {
  return passingStates.has(volume.status)
}

/** `error`, `error_extending`, `error_deleting`, … */
export function isBroken(volume: VolumeFacts): boolean {
  return volume.status.startsWith('error')
}

/** Is the volume attached, to whichever server? */
export function isInUse(volume: VolumeFacts): boolean {
  return volume.status === 'in-use' || volume.attachments.length > 0
}

/** Does one of the volume's attachments name this server? */
export function isAttachedTo(volume: VolumeFacts, serverId: string): boolean {
  return volume.attachments.some((attachment) => attachment.server_id === serverId)
}

/** For messages: what has the volume. */
export function describeUse(volume: VolumeFacts): string {
  const holders = volume.attachments.map(({ server_id }) => `\`${server_id}'`)
  return holders.length === 0 ? `its state is ${volume.status}` : `it is attached to server ${holders.join(', ')}`
}
