import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { ownImage, visibleImage } from './access.ts'
import { checkCounts, checkRules, checkStorable, imageSchema, refuseReadOnly, splitProperties } from './attributes.ts'
import { imageDocument } from './document.ts'
import { listImages } from './image-list.ts'
import { patchImage } from './image-patch.ts'
import { imageMembers, images } from './records.ts'
import { rulesOf } from './release-rules.ts'

/** What this Glance can import with, and its stores, as the create answer tells clients. */
const importHeaders = {
  'openstack-image-import-methods': 'glance-direct,web-download,copy-image',
  'openstack-image-store-ids': 'file,os_glance_staging_store,os_glance_tasks_store',
}

const create = (call: Call) => {
  if (call.rawJson === undefined) throw new ApiError(400, 'Body expected in request.')
  if (typeof call.rawJson === 'object' && call.rawJson !== null) Object.keys(call.rawJson).forEach(refuseReadOnly)
  const body = call.json(imageSchema)
  if (body.owner !== undefined && body.owner !== call.projectId && !call.isAdmin) {
    throw rulesOf(call).otherOwner(String(body.owner))
  }
  checkRules(call, body)
  const id = body.id ?? call.context.ids.uuid()
  if (call.store.of(images).has(id)) throw new ApiError(409, `Image ID ${id} already exists!`)
  const tags = [...new Set(body.tags)]
  const properties = splitProperties(body)
  checkCounts(properties, tags)
  checkStorable(body.name, properties)
  const image = call.store.of(images).insert({
    id,
    name: body.name ?? null,
    status: 'queued',
    visibility: body.visibility ?? 'shared',
    owner: body.owner ?? call.projectId,
    disk_format: body.disk_format ?? null,
    container_format: body.container_format ?? null,
    size: null,
    virtual_size: null,
    checksum: null,
    os_hash_algo: null,
    os_hash_value: null,
    min_disk: body.min_disk ?? 0,
    min_ram: body.min_ram ?? 0,
    protected: body.protected ?? false,
    os_hidden: body.os_hidden ?? false,
    tags,
    properties,
    created_at: call.now,
    updated_at: call.now,
    isZeros: false,
    staged: null,
    stagedProblem: null,
  })
  return created(imageDocument(image), { location: `${call.serviceUrl}/v2/images/${id}`, ...importHeaders })
}

const show = (call: Call) => ok(imageDocument(visibleImage(call)))

/** Deletes immediately; servers and volumes made of the image do not hinder it. */
const remove = (call: Call) => {
  const image = ownImage(call, 'delete_image', (id) => `Failed to find image ${id} to delete`)
  if (image.protected) throw new ApiError(403, `Image ${image.id} is protected and cannot be deleted.`)
  call.store.of(images).delete(image.id)
  call.context.blobs.delete(image.id)
  const members = call.store.of(imageMembers)
  for (const member of members.where({ image: image.id })) members.delete(member.id)
  return noContent({ 'content-type': 'text/html; charset=UTF-8' })
}

/** https://docs.openstack.org/api-ref/image/v2/#images */
export const imageRoutes: readonly Route[] = [
  { method: 'GET', path: '/images', operation: 'images.list', handle: listImages },
  { method: 'POST', path: '/images', operation: 'images.create', handle: create },
  { method: 'GET', path: '/images/:image_id', operation: 'images.show', handle: show },
  { method: 'PATCH', path: '/images/:image_id', operation: 'images.update', handle: patchImage },
  { method: 'DELETE', path: '/images/:image_id', operation: 'images.delete', handle: remove },
]
