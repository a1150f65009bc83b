/** Key of the mark, in metadata and in descriptions. */
export const creationKey = 'cpi_creation'

/**
 * Says of what the CPI makes whether the making of it is over. Everything is `unfinished` from its first moment on. It
 * becomes `finished` by the last request of the method that makes it; a server by the director's next call, which is sure
 * to come immediately and proves that it knows the CID. What has no mark was made by something else, and nothing is
 * concluded from that.
 */
export type CreationState = 'unfinished' | 'finished'

/** The mark as metadata. */
export function creationMark(state: CreationState): Readonly<Record<string, string>> {
  return { [creationKey]: state }
}

/** Does the metadata say that the making never ended? */
export function isUnfinished(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[creationKey] === ('unfinished' satisfies CreationState)
}

/** Begins the unique tag of an image; the tag is there as long as the image is unfinished. */
export const uploadTagPrefix = 'bosh-upload-'
