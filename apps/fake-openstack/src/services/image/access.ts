import { ApiError, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { type ImageRecord, imageMembers, images } from './records.ts'

/** Whether the caller may see an image by its id. */
export const isVisible = (call: Call, image: ImageRecord): boolean =>
  call.isAdmin ||
  image.owner === call.projectId ||
  image.visibility === 'public' ||
  image.visibility === 'community' ||
  (image.visibility === 'shared' && call.store.of(imageMembers).has(`${image.id}/${call.projectId}`))

/** The image of the path, as far as the caller may see it. */
export const visibleImage = (call: Call, missing = (id: string) => `No image found with ID ${id}`): ImageRecord => {
  const id = call.param('image_id')
  const image = call.store.of(images).get(id)
  if (!image || !isVisible(call, image)) throw notFound(missing(id))
  return image
}

/** The image of the path for a change: seen by others it is 403, unseen 404. */
/** How members and tags name an image that is not there. */
export const plainlyMissing = (id: string): string => `Image ${id} not found.`

export const ownImage = (call: Call, missing?: (id: string) => string): ImageRecord => {
  const image = visibleImage(call, missing)
  if (image.owner !== call.projectId && !call.isAdmin) throw new ApiError(403, 'You do not own this image')
  return image
}
