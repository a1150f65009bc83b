import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

const v3 = (call: Call) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${call.serviceUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})

const list = (call: Call) => ({
  status: 300,
  headers: { location: `${call.serviceUrl}/v3/`, vary: 'X-Auth-Token' },
  body: { versions: { values: [v3(call)] } },
})

const show = (call: Call) => ok({ version: v3(call) }, { vary: 'X-Auth-Token' })

/** https://docs.openstack.org/api-ref/identity/v3/#api-versions */
export const versionRoutes: readonly Route[] = [
  { method: 'GET', path: '/', atRoot: true, operation: 'versions.list', access: 'public', handle: list },
  { method: 'GET', path: '/v3', atRoot: true, operation: 'versions.show', access: 'public', handle: show },
]
