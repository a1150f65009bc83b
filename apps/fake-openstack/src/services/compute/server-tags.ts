import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Release } from '../../kernel/release.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Route } from '../../kernel/service.ts'
import { schemaProblem } from '../../kernel/validation.ts'
import { tag as tagSchema } from './field-schemas.ts'
import { apiUrl } from './links.ts'
import { requireVersion } from './query.ts'
import { type ServerRecord, servers } from './records.ts'
import { foundServer, requireState } from './server-lookup.ts'
import { changeServer } from './server-nics.ts'

const mostTags = 50

const found = (call: Call, action?: string): ServerRecord => {
  if (!call.store.of(servers).has(call.param('server_id'))) {
    throw notFound(`Instance ${call.param('server_id')} has no mapping to a cell.`)
  }
  const server = foundServer(call)
  if (action !== undefined) {
    const vm = ['active', 'paused', 'suspended', 'stopped'] as const
    requireState(call, server, action, { vm, tasks: 'any', isLockable: false })
  }
  return server
}

const list = (call: Call) => ok({ tags: found(call).tags })

const schema = z.strictObject({ tags: z.array(tagSchema).max(mostTags) })

const replace = (call: Call) => {
  const { tags } = call.json(schema)
  const server = found(call, 'update tags')
  const unique = [...new Set(tags)]
  changeServer(call.context, server.id, { tags: unique })
  return ok({ tags: unique })
}

const clear = (call: Call) => {
  changeServer(call.context, found(call, 'delete tags').id, { tags: [] })
  return noContent()
}

const check = (call: Call) => {
  const server = found(call)
  const tag = call.param('tag')
  if (!server.tags.includes(tag)) throw notFound(`Server ${server.id} has no tag '${tag}'`)
  return noContent()
}

const tagProblem = (tag: string, release: Release): string | undefined => {
  const { error } = tagSchema.safeParse(tag)
  return error && schemaProblem(error, tag, release).message
}

/** 201 with the tag's address, or 204 when the server has it already. */
const add = (call: Call) => {
  const server = found(call, 'update tag')
  const tag = call.param('tag')
  const problem = tagProblem(tag, call.context.settings.release)
  if (problem !== undefined) {
    throw badRequest(
      `Tag '${tag}' is invalid. It must be a non empty string without characters '/' and ','. Validation error message: ${problem}`,
    )
  }
  if (server.tags.includes(tag)) return noContent()
  if (server.tags.length >= mostTags) throw badRequest(`The number of tags exceeded the per-server limit ${mostTags}`)
  changeServer(call.context, server.id, { tags: [...server.tags, tag] })
  return {
    status: 201,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      location: `${apiUrl(call)}/servers/${server.id}/tags/${tag}`,
    },
  }
}

const remove = (call: Call) => {
  const server = found(call, 'delete tag')
  const tag = call.param('tag')
  if (!server.tags.includes(tag)) throw notFound(`Instance ${server.id} has no tag '${tag}'`)
  changeServer(call.context, server.id, { tags: server.tags.filter((one) => one !== tag) })
  return noContent()
}

const from226 =
  (handle: (call: Call) => ReturnType<Handler>): Handler =>
  (call) => {
    requireVersion(call, '2.26')
    return handle(call)
  }

const path = '/servers/:server_id/tags'

/** https://docs.openstack.org/api-ref/compute/#server-tags-servers-tags */
export const serverTagRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'server-tags.list', handle: from226(list) },
  { method: 'PUT', path, operation: 'server-tags.replace', handle: from226(replace) },
  { method: 'DELETE', path, operation: 'server-tags.delete-all', handle: from226(clear) },
  { method: 'GET', path: `${path}/:tag`, operation: 'server-tags.show', handle: from226(check) },
  { method: 'PUT', path: `${path}/:tag`, operation: 'server-tags.create', handle: from226(add) },
  { method: 'DELETE', path: `${path}/:tag`, operation: 'server-tags.delete', handle: from226(remove) },
]
