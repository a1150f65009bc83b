import type { Snapshot } from '../../services/block-storage/snapshots.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import type { Server } from '../../services/compute/servers.ts'
import type { GlanceImage } from '../../services/image/images.ts'
import { creationKey, isUnfinished, metadataKey, uploadTagPrefix } from '../creation-marks.ts'
import {
  type Classification,
  callName,
  checkOwnership,
  classificationFor,
  creationMarksOf,
  endingOf,
  type Leftover,
  type Limits,
} from './classification.ts'

/** A connection may carry an upload for this long; Glance sets an image back when it breaks. */
const longestUploadMs = 24 * 3_600_000

const originKeys: ReadonlySet<string> = new Set([metadataKey.directorUuid, metadataKey.requestId, creationKey])

const bootVolumeName = /^vm-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-root-/u

/** States in which a volume is unused and Cinder may delete it. */
const restingStates: ReadonlySet<string> = new Set(['available', 'creating', 'error', 'error_deleting', 'downloading'])

/**
 * A disk whose making did not come to its end and that nothing is attached to: no disk that a director knows, whatever
 * became of it later, is a leftover. Also a boot volume that no server has. A leftover server's boot volume goes with it.
 */
export function classifyVolume(
  volume: Volume,
  given: { readonly keptSnapshots: readonly Snapshot[]; readonly leftoverServers: ReadonlyMap<string, Leftover> },
  limits: Limits,
): Classification {
  const name = volume.name ?? ''
  const listed = { kind: 'volume', id: volume.id, name } as const
  const [attachment] = volume.attachments
  if (attachment !== undefined) {
    const holder = given.leftoverServers.get(attachment.server_id)
    if (holder === undefined || volume.attachments.length > 1) return { keep: 'it is attached' }
    const why = `it is the boot volume of server ${holder.id}, which is a leftover`
    return { leftover: { ...holder, ...listed, why, goesWith: { kind: 'server', id: holder.id } } }
  }
  if (!restingStates.has(volume.status)) return { keep: `it is ${volume.status}` }
  const isBootVolume = bootVolumeName.test(name)
  const ending = endingOf({ kind: 'volume', id: volume.id }, isUnfinished(volume.metadata), limits)
  if (!isBootVolume) {
    if ('keep' in ending) return ending
    if (!isUnfinished(volume.metadata) && hasMoreThanOrigin(volume.metadata)) return { keep: 'it has been in use' }
  }
  const outcome = checkOwnership(creationMarksOf(volume.metadata, volume.created_at), limits)
  if ('keep' in outcome) return outcome
  if (given.keptSnapshots.some(({ volume_id }) => volume_id === volume.id)) return { keep: 'it has snapshots' }
  const why =
    isBootVolume || 'keep' in ending
      ? `${callName('create_vm', outcome.owner)} made it to boot a server of, and no server has it`
      : `${callName('create_disk', outcome.owner)} ${ending.ended}`
  return classificationFor({ ...listed, ...outcome.owner, why }, ending)
}

/** Does the metadata hold more than `create_disk` writes? `set_disk_metadata` and attachments add to it. */
function hasMoreThanOrigin(metadata: Readonly<Record<string, string>>): boolean {
  return Object.keys(metadata).some((key) => !originKeys.has(key))
}

/** A snapshot whose making did not come to its end. */
export function classifySnapshot(snapshot: Snapshot, limits: Limits): Classification {
  if (snapshot.status === 'deleting') return { keep: 'it is being deleted' }
  const ending = endingOf({ kind: 'snapshot', id: snapshot.id }, isUnfinished(snapshot.metadata), limits)
  if ('keep' in ending) return ending
  const outcome = checkOwnership(creationMarksOf(snapshot.metadata, snapshot.created_at), limits)
  if ('keep' in outcome) return outcome
  const why = `${callName('snapshot_disk', outcome.owner)} ${ending.ended}`
  return classificationFor(
    { kind: 'snapshot', id: snapshot.id, name: snapshot.name ?? '', ...outcome.owner, why },
    ending,
  )
}

/** An image whose upload did not come to its end, which nothing was made of. */
export function classifyImage(image: GlanceImage, servers: readonly Server[], limits: Limits): Classification {
  const isTagged = (image.tags ?? []).some((tag) => tag.startsWith(uploadTagPrefix))
  const ending = endingOf({ kind: 'image', id: image.id }, isTagged, limits)
  if ('keep' in ending) return ending
  const outcome = checkOwnership(creationMarksOf(image, image['created_at']), limits)
  if ('keep' in outcome) return outcome
  if (image['protected'] === true) return { keep: 'it is protected' }
  if (servers.some((server) => server.image !== '' && server.image.id === image.id)) return { keep: 'servers use it' }
  const isReceiving = ['saving', 'uploading', 'importing'].includes(image.status)
  if (isReceiving && (outcome.owner.ageMs ?? 0) < longestUploadMs) {
    return { keep: `it is ${image.status}, an upload may be under way`, isTooYoung: true }
  }
  const why = `${callName('create_stemcell', outcome.owner)} ${ending.ended}; the image is ${image.status}`
  return classificationFor({ kind: 'image', id: image.id, name: image.name ?? '', ...outcome.owner, why }, ending)
}
