import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

const core = [
  { name: 'network', collection: 'networks' },
  { name: 'subnet', collection: 'subnets' },
  { name: 'subnetpool', collection: 'subnetpools' },
  { name: 'port', collection: 'ports' },
]

const listVersions = (call: Call): Reply =>
  ok({ versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: `${call.serviceUrl}/v2.0/` }] }] })

const listCore = (call: Call): Reply =>
  ok({
    resources: core.map(({ name, collection }) => ({
      name,
      collection,
      links: [{ rel: 'self', href: `${call.serviceUrl}/v2.0/${collection}` }],
    })),
  })

/** Discovery: the versions for everybody, the core resources of v2.0 with a token. */
export const versionRoutes: Route[] = [
  { method: 'GET', path: '/', atRoot: true, operation: 'versions.list', access: 'public', handle: listVersions },
  { method: 'GET', path: '/', operation: 'versions.show', handle: listCore },
]
