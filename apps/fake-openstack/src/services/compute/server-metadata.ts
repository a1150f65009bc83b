import * as z from 'zod'
import { badRequest, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { invalidInput } from '../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { metadata } from './field-schemas.ts'
import type { ServerRecord } from './records.ts'
import { foundServer, requireState, type StateRule } from './server-lookup.ts'
import { changeServer } from './server-nics.ts'

const changeable: StateRule = { vm: ['active', 'paused', 'suspended', 'stopped'], tasks: 'any' }

const list = (call: Call) => ok({ metadata: foundServer(call).metadata })

const schema = z.strictObject({ metadata })

const store = (call: Call, server: ServerRecord, next: Readonly<Record<string, string>>): void => {
  const limit = call.context.quotas.limit('compute', server.project_id, 'metadata_items')
  if (limit >= 0 && Object.keys(next).length > limit) {
    throw forbidden(`Maximum number of metadata items exceeds ${limit}`)
  }
  changeServer(call.context, server.id, { metadata: next })
}

/** POST merges, PUT replaces. */
const change = (isMerge: boolean) => (call: Call) => {
  const params = call.json(schema).metadata
  const server = foundServer(call)
  requireState(call, server, 'update metadata', changeable)
  const next = isMerge ? { ...server.metadata, ...params } : params
  store(call, server, next)
  return ok({ metadata: next })
}

const show = (call: Call) => {
  const value = foundServer(call).metadata[call.param('key')]
  if (value === undefined) throw notFound('Metadata item was not found')
  return ok({ meta: { [call.param('key')]: value } })
}

const itemSchema = z.strictObject({ meta: metadata })

const put = (call: Call) => {
  const { meta } = call.json(itemSchema)
  const names = Object.keys(meta)
  if (names.length !== 1) {
    const message = `${pythonRepr(meta)} ${names.length === 0 ? 'does not have enough' : 'has too many'} properties`
    throw invalidInput({ path: ['meta'], value: meta, message })
  }
  const server = foundServer(call)
  if (names[0] !== call.param('key')) throw badRequest('Request body and URI mismatch')
  requireState(call, server, 'update metadata', changeable)
  store(call, server, { ...server.metadata, ...meta })
  return ok({ meta })
}

const remove = (call: Call) => {
  const server = foundServer(call)
  const key = call.param('key')
  if (!(key in server.metadata)) throw notFound('Metadata item was not found')
  requireState(call, server, 'delete metadata', changeable)
  const { [key]: _, ...rest } = server.metadata
  changeServer(call.context, server.id, { metadata: rest })
  return noContent()
}

const path = '/servers/:server_id/metadata'

/** https://docs.openstack.org/api-ref/compute/#server-metadata-servers-metadata */
export const serverMetadataRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'server-metadata.list', handle: list },
  { method: 'POST', path, operation: 'server-metadata.create', handle: change(true) },
  { method: 'PUT', path, operation: 'server-metadata.replace', handle: change(false) },
  { method: 'GET', path: `${path}/:key`, operation: 'server-metadata.show', handle: show },
  { method: 'PUT', path: `${path}/:key`, operation: 'server-metadata.update', handle: put },
  { method: 'DELETE', path: `${path}/:key`, operation: 'server-metadata.delete', handle: remove },
]
