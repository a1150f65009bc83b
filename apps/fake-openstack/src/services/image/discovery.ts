import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Route } from '../../kernel/service.ts'
import { metadefSchemas } from './metadef-schemas.ts'
import { rulesOf } from './release-rules.ts'
import { imageSchema, memberSchema } from './schema-documents.ts'

const versions = (call: Call) => ({
  versions: rulesOf(call).minorVersions.map((minor) => ({
    id: `v2.${minor}`,
    status: minor === rulesOf(call).currentMinor ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${call.serviceUrl}/v2/` }],
  })),
})

const listOf = (name: string, item: object, more: object, links: readonly object[]) => ({
  name,
  properties: { [name]: { type: 'array', items: item }, ...more, schema: { type: 'string' } },
  links: [...links, { rel: 'describedby', href: '{schema}' }],
})

const imagesSchema = listOf('images', imageSchema, { first: { type: 'string' }, next: { type: 'string' } }, [
  { rel: 'first', href: '{first}' },
  { rel: 'next', href: '{next}' },
])

const document = (path: string, operation: string, body: object): Route => ({
  method: 'GET',
  path,
  operation,
  handle: () => ok(body),
})

const taskKeys: readonly string[] = ['id', 'status', 'type', 'owner', 'expires_at', 'created_at', 'updated_at']

/** What Glance checks of a query of tasks, though there is nothing to select. */
const checkTaskQuery = ({ query }: Call): void => {
  const {
    limit,
    marker,
    sort_key: sortKey = 'created_at',
    sort_dir: direction = 'desc',
    status,
    type,
  } = Object.fromEntries(query)
  if (direction !== 'asc' && direction !== 'desc') throw badRequest(`Invalid sort direction: ${direction}`)
  if (status && !['pending', 'processing', 'success', 'failure'].includes(status)) {
    throw badRequest(`Invalid status value: ${status}`)
  }
  if (type && type !== 'import') throw badRequest(`Invalid type value: ${type}`)
  if (marker && !isUuidLike(marker)) throw badRequest('Invalid marker format')
  if (limit !== undefined && !/^\s*[+-]?\d+\s*$/.test(limit)) throw badRequest('limit param must be an integer')
  if (Number(limit ?? 0) < 0) throw badRequest('limit param must be positive')
  if (marker !== undefined) throw badRequest(`Task with the given id ${marker} was not found`)
  if (!taskKeys.includes(sortKey)) throw badRequest('Sort key supplied was not valid.')
}

/** The query without the marker, as the link to the first page has it. */
const queryOf = ({ query }: Call): string => {
  const copy = new URLSearchParams(query)
  copy.delete('marker')
  return copy.size === 0 ? '' : `?${copy}`
}

/** https://docs.openstack.org/api-ref/image/versions/index.html and …/image/v2/#image-schemas */
export const discoveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    atRoot: true,
    operation: 'versions.list',
    access: 'public',
    handle: (call) => ({ status: 300, body: versions(call) }),
  },
  {
    method: 'GET',
    path: '/versions',
    atRoot: true,
    operation: 'versions.all',
    access: 'public',
    handle: (call) => ok(versions(call)),
  },
  document('/schemas/image', 'schemas.image', imageSchema),
  document('/schemas/images', 'schemas.images', imagesSchema),
  document('/schemas/member', 'schemas.member', memberSchema),
  document('/schemas/members', 'schemas.members', listOf('members', memberSchema, {}, [])),
  ...Object.entries(metadefSchemas).map(([name, body]) =>
    document(`/schemas/metadefs/${name}`, `schemas.metadefs.${name}`, body),
  ),
  document('/info/import', 'info.import', {
    'import-methods': {
      description: 'Import methods available.',
      type: 'array',
      value: ['glance-direct', 'web-download', 'copy-image'],
    },
  }),
  document('/info/stores', 'info.stores', { stores: [{ id: 'file', default: 'true' }] }),
  {
    method: 'GET',
    path: '/tasks',
    operation: 'tasks.list',
    access: { admin: 'tasks_api_access' },
    // Imports are tasks of their image; Glance's own task API is switched off for tenants, and nothing else makes any.
    handle: (call) => {
      checkTaskQuery(call)
      return ok({ tasks: [], first: `/v2/tasks${queryOf(call)}`, schema: '/v2/schemas/tasks' })
    },
  },
  document('/info/usage', 'info.usage', { usage: {} }),
]
