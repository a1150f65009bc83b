import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
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
    handle: () => ok({ tasks: [], first: '/v2/tasks', schema: '/v2/schemas/tasks' }),
  },
  document('/info/usage', 'info.usage', { usage: {} }),
]
