import { CpiError, type DiskCid, type StemcellCid, stemcellCid, type VmCid } from '@openstack-cpi/cpi-core'

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/**
 * Whether a text can be the id of something in OpenStack. What cannot is not there: no request is made for it, and
 * nothing like `..` gets into a URL (contract §10).
 */
export function isResourceId(text: string): boolean {
  return uuid.test(text)
}

/** The server a VM CID stands for. Throws `VmNotFound` for what cannot be one. */
export function serverIdOf(vm: VmCid): string {
  if (!isResourceId(vm)) throw vmNotFound(vm)
  return vm
}

/** The volume a disk CID stands for. Throws `DiskNotFound` for what cannot be one. */
export function volumeIdOf(disk: DiskCid): string {
  if (!isResourceId(disk)) throw diskNotFound(disk)
  return disk
}

/** @param cause the service's answer, if there was one */
export function vmNotFound(serverId: string, cause?: unknown): CpiError {
  return new CpiError('VmNotFound', `Server \`${serverId}' not found`, cause === undefined ? {} : { cause })
}

/** @param cause the service's answer, if there was one */
export function diskNotFound(volumeId: string, cause?: unknown): CpiError {
  return new CpiError('DiskNotFound', `Volume \`${volumeId}' not found`, cause === undefined ? {} : { cause })
}

const lightSuffix = ' light'

/** What a stemcell CID stands for. */
export interface StemcellImage {
  readonly imageId: string
  /** The image belongs to the operator: never change or delete it. */
  readonly isLight: boolean
}

/** Reads `<image id>` and `<image id> light` (driver spec §4). */
export function parseStemcellCid(cid: StemcellCid): StemcellImage {
  const isLight = cid.endsWith(lightSuffix)
  return { imageId: isLight ? cid.slice(0, -lightSuffix.length) : cid, isLight }
}

/** The CID of an image that a stemcell only points at. */
export function lightStemcellCid(imageId: string): StemcellCid {
  return stemcellCid(`${imageId}${lightSuffix}`)
}
