import { type StemcellCid, stemcellCid } from '@openstack-cpi/cpi-core'

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
