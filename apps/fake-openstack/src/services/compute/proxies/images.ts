import * as z from 'zod'
import { type ApiError, forbidden, notFound } from '../../../kernel/api-error.ts'
import type { Call, PeerRequest } from '../../../kernel/call.ts'
import { noContent, ok } from '../../../kernel/reply.ts'
import type { Handler, Route } from '../../../kernel/service.ts'
import { isFixed } from '../../image/attributes.ts'
import { linksOf, nextLinks } from '../links.ts'
import { limitAndMarker, maxPage } from '../query.ts'
import { proxy, translated, unexpectedError } from './proxy-answers.ts'

const glanceImage = z.looseObject({
  id: z.string(),
  name: z.string().nullable(),
  status: z.string(),
  size: z.number().nullable(),
  min_ram: z.number(),
  min_disk: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
})

type GlanceImage = z.infer<typeof glanceImage>

/** What Nova makes of Glance's refusals; `denied` words a 403. */
const refused =
  (denied: string) =>
  (error: ApiError): ApiError => {
    if (error.status === 404) return notFound('Image not found.')
    return error.status === 403 ? forbidden(denied) : unexpectedError('glanceclient.exc.HTTPException')
  }

/** Asks Glance about one image. */
export const askImage = <T>(
  call: Call,
  schema: z.ZodType<T>,
  id: string,
  request: Pick<PeerRequest, 'method' | 'body' | 'contentType'>,
  denied = `Not authorized for image ${id}.`,
): T =>
  translated(
    () => call.ask(schema, { service: 'image', path: `/v2/images/${encodeURIComponent(id)}`, ...request }),
    refused(denied),
  )

export const imageOf = (call: Call, id: string): GlanceImage => askImage(call, glanceImage, id, { method: 'GET' })

/** The properties that are no attributes of every image. */
export const propertiesOf = (image: GlanceImage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(image)
      .filter(([name]) => !isFixed(name))
      .map(([name, value]) => [name, String(value)]),
  )

const statuses: Readonly<Record<string, string>> = {
  active: 'ACTIVE',
  queued: 'SAVING',
  saving: 'SAVING',
  deleted: 'DELETED',
  pending_delete: 'DELETED',
  killed: 'ERROR',
}

const progress: Readonly<Record<string, number>> = { queued: 25, saving: 50, active: 100 }

const basic = (call: Call, image: GlanceImage) => ({
  id: image.id,
  name: image.name,
  links: [
    ...linksOf(call, 'images', image.id),
    { rel: 'alternate', type: 'application/vnd.openstack.image', href: `${call.origin}/image/images/${image.id}` },
  ],
})

const detailed = (call: Call, image: GlanceImage) => {
  const metadata = propertiesOf(image)
  const { instance_uuid: server, auto_disk_config: diskConfig } = metadata
  return {
    ...basic(call, image),
    minRam: image.min_ram,
    minDisk: image.min_disk,
    metadata,
    created: image.created_at,
    updated: image.updated_at,
    status: statuses[image.status] ?? 'UNKNOWN',
    progress: progress[image.status] ?? 0,
    'OS-EXT-IMG-SIZE:size': image.size ?? 0,
    ...(server === undefined ? {} : { server: { id: server, links: linksOf(call, 'servers', server) } }),
    ...(diskConfig === undefined
      ? {}
      : { 'OS-DCF:diskConfig': /^(1|t|true|on|y|yes)$/i.test(diskConfig) ? 'AUTO' : 'MANUAL' }),
  }
}

/** Nova's filters by what Glance calls them. */
const filters: Readonly<Record<string, string>> = {
  name: 'name',
  status: 'status',
  server: 'instance_uuid',
  type: 'image_type',
  minRam: 'min_ram',
  minDisk: 'min_disk',
}

const wantedBy = (call: Call): URLSearchParams => {
  const wanted = new URLSearchParams()
  for (const key of new Set(call.query.keys())) {
    const value = call.query.getAll(key).at(-1) ?? ''
    const name = key.startsWith('property-') ? key.slice('property-'.length) : filters[key]
    if (key === 'changes-since') wanted.set('updated_at', `gte:${value}`)
    else if (key === 'server') wanted.set('instance_uuid', value.split('/').at(-1) ?? '')
    else if (name !== undefined) wanted.set(name, key === 'status' ? value.toLowerCase() : value)
  }
  return wanted
}

const page = z.object({ images: z.array(glanceImage), next: z.string().optional() })

const list =
  (view: (call: Call, image: GlanceImage) => object, path: string): Handler =>
  (call) => {
    const { limit: asked, marker } = limitAndMarker(call)
    const limit = Math.min(asked || maxPage, maxPage)
    const query = wantedBy(call)
    query.set('limit', String(limit))
    if (marker !== undefined) query.set('marker', marker)
    const images: GlanceImage[] = []
    let next: string | undefined = `/v2/images?${query}`
    while (next !== undefined && images.length < limit) {
      const answered: z.infer<typeof page> = call.ask(page, { service: 'image', method: 'GET', path: next })
      images.push(...answered.images)
      next = answered.next
    }
    const shown = images.slice(0, limit)
    const last = shown.length === limit ? shown.at(-1) : undefined
    return ok({
      images: shown.map((image) => view(call, image)),
      ...(last ? { images_links: nextLinks(call, path, last.id) } : {}),
    })
  }

const show = (call: Call) => ok({ image: detailed(call, imageOf(call, call.param('id'))) })

const remove = (call: Call) => {
  askImage(call, z.undefined(), call.param('id'), { method: 'DELETE' }, 'You are not allowed to delete the image.')
  return noContent()
}

/** https://docs.openstack.org/api-ref/compute/#images-deprecated */
export const imageProxyRoutes: readonly Route[] = [
  { method: 'GET', path: '/images', operation: 'images.list', handle: proxy(list(basic, 'images')) },
  {
    method: 'GET',
    path: '/images/detail',
    operation: 'images.list-detail',
    handle: proxy(list(detailed, 'images/detail')),
  },
  { method: 'GET', path: '/images/:id', operation: 'images.show', handle: proxy(show) },
  { method: 'DELETE', path: '/images/:id', operation: 'images.delete', handle: proxy(remove) },
]
