import * as z from 'zod'
import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Action } from '../../kernel/service.ts'
import { volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { volumeOf } from './volumes.ts'

const imageMetadataBody = z.object({ metadata: field.metadata })

const setImageMetadata = (call: Call) => {
  const { 'os-set_image_metadata': asked } = call.json(field.envelope({ 'os-set_image_metadata': imageMetadataBody }))
  const volume = volumeOf(call)
  const image_metadata = { ...volume.image_metadata, ...asked.metadata }
  call.store.of(volumes).update(volume.id, { image_metadata })
  return ok({ metadata: image_metadata })
}

const showImageMetadata = (call: Call) => {
  const { id, image_metadata } = volumeOf(call)
  if (!image_metadata) throw notFound(`Glance metadata for volume/snapshot ${id} cannot be found.`)
  return ok({ metadata: image_metadata })
}

const unsetImageMetadata = (call: Call) => {
  const { 'os-unset_image_metadata': asked } = call.json(
    field.envelope({ 'os-unset_image_metadata': z.strictObject({ key: field.required(field.text(1, 255)) }) }),
  )
  const volume = volumeOf(call)
  const { [asked.key]: gone, ...image_metadata } = volume.image_metadata ?? {}
  if (gone === undefined) throw notFound('Metadata item was not found.')
  const isEmpty = Object.keys(image_metadata).length === 0
  call.store.of(volumes).update(volume.id, { image_metadata: isEmpty ? null : image_metadata })
  return ok(undefined, { 'content-type': 'text/html; charset=UTF-8' })
}

/** Of the image that a volume was made of, or is to become. */
export const imageMetadataActions: Readonly<Record<string, Action>> = {
  'os-set_image_metadata': { operation: 'volumes.set-image-metadata', handle: setImageMetadata },
  'os-show_image_metadata': { operation: 'volumes.show-image-metadata', handle: showImageMetadata },
  'os-unset_image_metadata': { operation: 'volumes.unset-image-metadata', handle: unsetImageMetadata },
}
