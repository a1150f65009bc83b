import { ApiError, badRequest, conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { noContent } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { ownImage, visibleImage } from './access.ts'
import { contentProblem } from './content-format.ts'
import { type Digest, digest } from './digest.ts'
import { type ImageRecord, type ImageStatus, images } from './records.ts'
import { rulesOf } from './release-rules.ts'

const htmlType = { 'content-type': 'text/html; charset=UTF-8' }

/** Uploads must say `application/octet-stream`, with or without parameters. */
const requireOctets = (call: Call): void => {
  const type = (call.request.headers.get('content-type') ?? 'text/plain').split(';')[0]?.trim() ?? ''
  if (type !== 'application/octet-stream') {
    throw rulesOf(call).otherMediaType(type, `Invalid content type ${type}`)
  }
}

/** Reads the body while the image is in a passing state; a body that breaks off sets the image back to `queued`. */
const receive = async (call: Call, image: ImageRecord, status: ImageStatus): Promise<Digest> => {
  const all = call.store.of(images)
  all.update(image.id, { status, updated_at: call.now })
  try {
    return await digest(call.upload, image.disk_format, call.context.settings.keepUploads)
  } catch (error) {
    if (all.has(image.id)) all.update(image.id, { status: 'queued', updated_at: call.now })
    throw new ApiError(400, `Error uploading image: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const upload = async (call: Call): Promise<Reply> => {
  requireOctets(call)
  const image = ownImage(call, 'upload_image')
  if (image.status !== 'queued') {
    throw conflict(`Image status transition from ${image.status} to saving is not allowed`)
  }
  const missing = (['disk_format', 'container_format'] as const).filter((name) => image[name] === null)
  if (missing.length > 0) throw badRequest(`Properties ${missing.join(', ')} must be set prior to saving data.`)
  const data = await receive(call, image, 'saving')
  const all = call.store.of(images)
  // Deleted during the upload: Glance throws the data away.
  if (!all.has(image.id)) throw new ApiError(410, `Image ${image.id} could not be found after upload.`)
  const problem = refusedContent(call, image, data)
  if (problem !== undefined) {
    // What was computed on the way stays on the image.
    all.update(image.id, { ...contentOf(data), size: null, virtual_size: null, status: 'queued', updated_at: call.now })
    throw rulesOf(call).otherMediaType('application/octet-stream', problem)
  }
  if (data.kept) call.context.blobs.set(image.id, data.kept)
  all.update(image.id, {
    ...contentOf(data),
    // A fault rule may leave it stuck or killed; the client is not told, as with the real thing.
    status: call.failure ? (call.failure.take().to as ImageStatus) : 'active',
    updated_at: call.now,
  })
  return noContent(htmlType)
}

/** Why the content is refused; images in containers are not looked into. */
const refusedContent = (call: Call, image: ImageRecord, { content }: Digest): string | undefined =>
  image.container_format === 'bare' ? contentProblem(rulesOf(call).inspection, image.disk_format, content) : undefined

/** The fields that an upload fills in. */
export const contentOf = (data: Digest): Partial<ImageRecord> => ({
  size: data.size,
  virtual_size: data.virtualSize,
  checksum: data.md5,
  os_hash_algo: 'sha512',
  os_hash_value: data.sha512,
})

const stage = async (call: Call): Promise<Reply> => {
  requireOctets(call)
  const image = ownImage(call, 'upload_image')
  if (image.status !== 'queued') {
    throw conflict(`Image status transition from ${image.status} to uploading is not allowed`)
  }
  const data = await receive(call, image, 'uploading')
  if (data.kept) call.context.blobs.set(image.id, data.kept)
  const all = call.store.of(images)
  if (!all.has(image.id)) throw new ApiError(410, `Image ${image.id} could not be found after upload.`)
  all.update(image.id, {
    size: data.size,
    staged: contentOf(data),
    stagedProblem: refusedContent(call, image, data) ?? null,
    updated_at: call.now,
  })
  return noContent(htmlType)
}

const download = (call: Call): Reply => {
  const image = visibleImage(call)
  if (image.status === 'deactivated' && !call.isAdmin) {
    throw new ApiError(403, 'The requested image has been deactivated. Image data download is forbidden.')
  }
  if (image.size === null || image.checksum === null || image.status === 'queued') return noContent()
  const content = contentBytes(call, image)
  if (!content) {
    throw new ApiError(
      501,
      'The fake keeps no uploaded bytes unless it is started with keepUploads (--keep-uploads on the command line).',
    )
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.request.headers.get('range') ?? '')
  const headers = { 'content-type': 'application/octet-stream', 'content-md5': image.checksum }
  if (!range) return { status: 200, headers: { ...headers, 'content-length': String(content.length) }, body: content }
  const first = Number(range[1])
  const last = Math.min(range[2] ? Number(range[2]) : content.length - 1, content.length - 1)
  if (first > last) throw new ApiError(416, 'The Range request is invalid')
  const part = content.subarray(first, last + 1)
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(part.length),
      'content-range': `bytes ${first}-${last}/${content.length}`,
    },
    body: part,
  }
}

const contentBytes = (call: Call, image: ImageRecord): Uint8Array | undefined =>
  image.isZeros ? new Uint8Array(image.size ?? 0) : call.context.blobs.get(image.id)

const setState =
  (from: ImageStatus, to: ImageStatus) =>
  (call: Call): Reply => {
    const image = ownImage(call, to === 'active' ? 'reactivate' : 'deactivate')
    if (image.status !== from && image.status !== to) {
      throw new ApiError(
        403,
        `Not allowed to ${to === 'active' ? 'reactivate' : 'deactivate'} image in status '${image.status}'`,
      )
    }
    call.store.of(images).update(image.id, { status: to, updated_at: call.now })
    return noContent(htmlType)
  }

/** https://docs.openstack.org/api-ref/image/v2/#image-data */
export const imageDataRoutes: readonly Route[] = [
  { method: 'PUT', path: '/images/:image_id/file', operation: 'images.upload', body: 'stream', handle: upload },
  { method: 'GET', path: '/images/:image_id/file', operation: 'images.download', handle: download },
  { method: 'PUT', path: '/images/:image_id/stage', operation: 'images.stage', body: 'stream', handle: stage },
  {
    method: 'POST',
    path: '/images/:image_id/actions/deactivate',
    operation: 'images.deactivate',
    handle: setState('active', 'deactivated'),
  },
  {
    method: 'POST',
    path: '/images/:image_id/actions/reactivate',
    operation: 'images.reactivate',
    handle: setState('deactivated', 'active'),
  },
]
