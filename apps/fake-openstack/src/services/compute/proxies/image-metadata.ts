import * as z from 'zod'
import { badRequest, forbidden, notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { noContent, ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { askImage, imageOf, propertiesOf } from './images.ts'
import { proxy } from './proxy-answers.ts'

type Properties = Readonly<Record<string, string>>

const propertiesIn = (call: Call): Properties => propertiesOf(imageOf(call, call.param('id')))

const pointer = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Makes the properties of the image these, by a patch of Glance. */
const replace = (call: Call, before: Properties, after: Properties): void => {
  const limit = call.context.quotas.limit('compute', call.projectId, 'metadata_items')
  if (limit >= 0 && Object.keys(after).length > limit) throw forbidden('Image metadata limit exceeded')
  const body = [
    ...Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .map((name) => ({ op: 'remove', path: pointer(name) })),
    ...Object.entries(after)
      .filter(([name, value]) => before[name] !== value)
      .map(([name, value]) => ({ op: 'add', path: pointer(name), value })),
  ]
  if (body.length === 0) return
  const contentType = 'application/openstack-images-v2.1-json-patch'
  askImage(call, z.unknown(), call.param('id'), { method: 'PATCH', body, contentType })
}

const list = (call: Call) => ok({ metadata: propertiesIn(call) })

const show = (call: Call) => {
  const value = propertiesIn(call)[call.param('key')]
  if (value === undefined) throw notFound('The resource could not be found.')
  return ok({ meta: { [call.param('key')]: value } })
}

const wholeBody = z.strictObject({ metadata: z.record(z.string(), z.string()) })

const merge = (call: Call) => {
  const { metadata } = call.json(wholeBody)
  const before = propertiesIn(call)
  const after = { ...before, ...metadata }
  replace(call, before, after)
  return ok({ metadata: after })
}

const update = (call: Call) => {
  const { metadata } = call.json(wholeBody)
  replace(call, propertiesIn(call), metadata)
  return ok({ metadata })
}

const set = (call: Call) => {
  const { meta } = call.json(z.strictObject({ meta: z.record(z.string(), z.string()) }))
  const value = meta[call.param('key')]
  if (value === undefined) throw badRequest('Request body and URI mismatch')
  const before = propertiesIn(call)
  replace(call, before, { ...before, [call.param('key')]: value })
  return ok({ meta })
}

const remove = (call: Call) => {
  const before = propertiesIn(call)
  const { [call.param('key')]: gone, ...after } = before
  if (gone === undefined) throw notFound('Invalid metadata key')
  replace(call, before, after)
  return noContent()
}

const path = '/images/:id/metadata'

/** https://docs.openstack.org/api-ref/compute/#images-deprecated: metadata. */
export const imageMetadataProxyRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'image-metadata.list', handle: proxy(list, '2.39') },
  { method: 'POST', path, operation: 'image-metadata.create', handle: proxy(merge, '2.39') },
  { method: 'PUT', path, operation: 'image-metadata.replace', handle: proxy(update, '2.39') },
  { method: 'GET', path: `${path}/:key`, operation: 'image-metadata.show', handle: proxy(show, '2.39') },
  { method: 'PUT', path: `${path}/:key`, operation: 'image-metadata.update', handle: proxy(set, '2.39') },
  { method: 'DELETE', path: `${path}/:key`, operation: 'image-metadata.delete', handle: proxy(remove, '2.39') },
]
