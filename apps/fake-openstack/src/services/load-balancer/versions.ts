import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { rulesOf } from './release-rules.ts'

/** Discovery. */
export const versionRoutes: Route[] = [
  {
    method: 'GET',
    path: '/',
    atRoot: true,
    operation: 'versions.list',
    access: 'public',
    handle: (call) =>
      ok({
        versions: rulesOf(call).versionDates.map((updated, minor, { length }) => ({
          id: `v2.${minor}`,
          status: minor === length - 1 ? 'CURRENT' : 'SUPPORTED',
          updated,
          links: [{ href: `${call.serviceUrl}/v2`, rel: 'self' }],
        })),
      }),
  },
  ...['/v2', '/v2.0', '/v2/lbaas', '/v2.0/lbaas'].map(
    (path): Route => ({
      method: 'GET',
      path,
      atRoot: true,
      operation: 'versions.show',
      // The name of the version, as a JSON string.
      handle: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '"v2"' }),
    }),
  ),
]
