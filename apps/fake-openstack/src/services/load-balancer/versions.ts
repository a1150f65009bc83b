import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

/** Days on which the minor versions 2.0, 2.1, … appeared. */
const dates = [
  '2016-12-11T00:00:00Z',
  '2018-04-20T00:00:00Z',
  '2018-07-31T00:00:00Z',
  '2018-12-18T00:00:00Z',
  '2018-12-19T00:00:00Z',
  '2019-01-21T00:00:00Z',
  '2019-01-25T00:00:00Z',
  '2018-01-25T12:00:00Z',
  '2019-02-12T00:00:00Z',
  '2019-03-04T00:00:00Z',
  '2019-03-05T00:00:00Z',
  '2019-06-24T00:00:00Z',
  '2019-09-11T00:00:00Z',
  '2019-09-13T00:00:00Z',
  '2019-11-10T00:00:00Z',
  '2020-03-10T00:00:00Z',
  '2020-03-15T00:00:00Z',
  '2020-04-29T00:00:00Z',
  '2020-04-29T01:00:00Z',
  '2020-05-12T00:00:00Z',
  '2020-08-02T00:00:00Z',
  '2020-09-03T00:00:00Z',
  '2020-09-04T00:00:00Z',
  '2020-09-07T00:00:00Z',
  '2020-10-15T00:00:00Z',
  '2021-10-02T00:00:00Z',
  '2022-08-29T00:00:00Z',
]

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
        versions: dates.map((updated, minor) => ({
          id: `v2.${minor}`,
          status: minor === dates.length - 1 ? 'CURRENT' : 'SUPPORTED',
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
