import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { ownImage, plainlyMissing } from './access.ts'
import { checkCounts } from './attributes.ts'
import { images } from './records.ts'

const add = (call: Call) => {
  const image = ownImage(call, 'modify_image', plainlyMissing)
  const tag = call.param('tag')
  if (tag.length > 255) throw badRequest(`Provided object does not match schema 'image': '${tag}' is too long`)
  if (!image.tags.includes(tag)) {
    const tags = [...image.tags, tag]
    checkCounts({}, tags)
    call.store.of(images).update(image.id, { tags, updated_at: call.now })
  }
  return noContent({ 'content-type': 'text/html; charset=UTF-8' })
}

const remove = (call: Call) => {
  const image = ownImage(call, 'modify_image', plainlyMissing)
  const tag = call.param('tag')
  if (!image.tags.includes(tag)) throw notFound('The resource could not be found.')
  const tags = image.tags.filter((one) => one !== tag)
  call.store.of(images).update(image.id, { tags, updated_at: call.now })
  return noContent({ 'content-type': 'text/html; charset=UTF-8' })
}

/** https://docs.openstack.org/api-ref/image/v2/#image-tags */
export const tagRoutes: readonly Route[] = [
  { method: 'PUT', path: '/images/:image_id/tags/:tag', operation: 'image-tags.create', handle: add },
  { method: 'DELETE', path: '/images/:image_id/tags/:tag', operation: 'image-tags.delete', handle: remove },
]
