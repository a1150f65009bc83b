import { createHash } from 'node:crypto'
import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { wordsForNoProperties } from '../../kernel/validation.ts'
import type { Metadata } from './records.ts'
import * as field from './schema-fields.ts'

interface Owner {
  id: string
  metadata: Metadata
}

/** The metadata routes of a resource, alike for volumes and snapshots. */
export const metadataRoutes = (
  collection: 'volumes' | 'snapshots',
  noun: string,
  ownerOf: (call: Call) => Owner,
  save: (call: Call, id: string, metadata: Metadata) => void,
): readonly Route[] => {
  const readAll = (call: Call): Metadata => call.json(z.strictObject({ metadata: field.requiredMetadata })).metadata

  const list = (call: Call) => {
    const { metadata } = ownerOf(call)
    if (collection === 'snapshots' || !call.microversion.atLeast('3.15')) return ok({ metadata })
    const text = pythonJson(metadata)
    const etag = createHash('md5').update(text).digest('hex')
    return ok(text, { etag, 'content-type': 'text/html; charset=UTF-8' })
  }

  const merge = (call: Call) => {
    const asked = readAll(call)
    const owner = ownerOf(call)
    const metadata = { ...owner.metadata, ...asked }
    save(call, owner.id, metadata)
    return ok({ metadata })
  }

  const replace = (call: Call) => {
    const metadata = readAll(call)
    save(call, ownerOf(call).id, metadata)
    return ok({ metadata })
  }

  const show = (call: Call) => {
    const owner = ownerOf(call)
    const key = call.param('key')
    const value = owner.metadata[key]
    if (value === undefined) throw noKey(owner.id, key)
    return ok({ meta: { [key]: value } })
  }

  const set = (call: Call) => {
    const { meta } = call.json(z.strictObject({ meta: field.requiredMetadata }))
    const count = Object.keys(meta).length
    if (count !== 1) {
      const shown = pythonRepr(meta)
      const problem = count === 0 ? wordsForNoProperties(call.context.settings.release) : 'has too many properties'
      throw badRequest(`Invalid input for field/attribute meta. Value: ${shown}. ${shown} ${problem}`)
    }
    if (!Object.hasOwn(meta, call.param('key'))) throw badRequest('Request body and URI mismatch')
    const owner = ownerOf(call)
    save(call, owner.id, { ...owner.metadata, ...meta })
    return ok({ meta })
  }

  const remove = (call: Call) => {
    const owner = ownerOf(call)
    const { [call.param('key')]: gone, ...rest } = owner.metadata
    if (gone === undefined) throw noKey(owner.id, call.param('key'))
    save(call, owner.id, rest)
    return ok(undefined, { 'content-type': 'text/html; charset=UTF-8' })
  }

  const noKey = (id: string, key: string) => notFound(`${noun} ${id} has no metadata with key ${key}.`)
  const path = `/${collection}/:id/metadata`
  const operation = collection === 'volumes' ? 'volume-metadata' : 'snapshot-metadata'
  return [
    { method: 'GET', path, operation: `${operation}.list`, handle: list },
    { method: 'POST', path, operation: `${operation}.create`, handle: merge },
    { method: 'PUT', path, operation: `${operation}.replace`, handle: replace, noJsonSuffix: true },
    { method: 'GET', path: `${path}/:key`, operation: `${operation}.show`, handle: show },
    { method: 'PUT', path: `${path}/:key`, operation: `${operation}.update`, handle: set },
    { method: 'DELETE', path: `${path}/:key`, operation: `${operation}.delete`, handle: remove },
  ]
}

/** As Python's json writes it, so that the ETag is the real one. */
const pythonJson = (metadata: Metadata): string =>
  `{"metadata": {${Object.entries(metadata)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}}`
