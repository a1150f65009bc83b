import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { oldestMicroversion, rulesOf } from './release-rules.ts'

const v20 = (call: Call) => ({
  id: 'v2.0',
  status: rulesOf(call).v20Status,
  version: '',
  min_version: '',
  updated: '2011-01-21T11:33:21Z',
  links: [{ rel: 'self', href: `${call.serviceUrl}/v2/` }],
})

const v21 = (call: Call) => ({
  id: 'v2.1',
  status: 'CURRENT',
  version: rulesOf(call).newestMicroversion,
  min_version: oldestMicroversion,
  updated: '2013-07-23T11:33:21Z',
  links: [{ rel: 'self', href: `${call.serviceUrl}/v2.1/` }],
})

/** The list is not of any microversion. */
const list = (call: Call) => {
  for (const name of Object.keys(call.responseHeaders)) delete call.responseHeaders[name]
  return ok({ versions: [v20(call), v21(call)] })
}

/** A version with what only its own document has. */
const detailed = <T extends { links: readonly object[] }>(version: T, mediaType: string) => ({
  version: {
    ...version,
    links: [...version.links, { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' }],
    'media-types': [{ base: 'application/json', type: mediaType }],
  },
})

const show = (call: Call) => ok(detailed(v21(call), 'application/vnd.openstack.compute+json;version=2.1'))

/** The former API: the oldest microversion, with looser schemas. */
const showFormer = (call: Call) => ok(detailed(v20(call), 'application/vnd.openstack.compute+json;version=2'))

/** https://docs.openstack.org/api-ref/compute/#api-versions */
export const versionRoutes: readonly Route[] = [
  { method: 'GET', path: '/', atRoot: true, operation: 'versions.list', access: 'public', handle: list },
  { method: 'GET', path: '/v2.1', atRoot: true, operation: 'versions.show', access: 'public', handle: show },
  { method: 'GET', path: '/v2', atRoot: true, operation: 'versions.show-v2', access: 'public', handle: showFormer },
]
