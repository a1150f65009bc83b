import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Route } from '../../kernel/service.ts'
import { oldestMicroversion, rulesOf } from './release-rules.ts'

const list = (call: Call) => ({
  status: 300,
  body: {
    versions: [
      {
        id: 'v3.0',
        status: 'CURRENT',
        version: rulesOf(call).newestMicroversion,
        min_version: oldestMicroversion,
        updated: rulesOf(call).updated,
        links: [
          { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
          { rel: 'self', href: `${call.serviceUrl}/v3/` },
        ],
        'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
      },
    ],
  },
})

/** The version document below `/v3` wants a token, unlike the list. */
const show = (call: Call) => {
  if (!call.tokenIfAny) throw new ApiError(401, 'The request you have made requires authentication.')
  return { ...list(call), status: 200 }
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#api-versions */
export const versionRoutes: readonly Route[] = [
  { method: 'GET', path: '/', atRoot: true, operation: 'versions.list', access: 'public', handle: list },
  { method: 'GET', path: '/v3', atRoot: true, operation: 'versions.show', handle: show },
]
