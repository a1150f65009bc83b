import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { type ImageRecord, imageMembers, images } from './records.ts'
import { rulesOf } from './release-rules.ts'

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

/** How members and tags name an image that is not there. */
export const plainlyMissing = (id: string): string => `Image ${id} not found.`

/**
 * The image of the path for a change: seen by others it is 403, unseen 404.
 * @param policy the rule that allows the change, such as `modify_image`
 */
export const ownImage = (call: Call, policy: string, missing?: (id: string) => string): ImageRecord => {
  const image = visibleImage(call, missing)
  if (image.owner !== call.projectId && !call.isAdmin) throw rulesOf(call).notOwner(policy)
  return image
}
