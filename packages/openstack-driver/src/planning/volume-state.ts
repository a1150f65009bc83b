/** States Cinder and Nova leave by themselves, soon. https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes */
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
