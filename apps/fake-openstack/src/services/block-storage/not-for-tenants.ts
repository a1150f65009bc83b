import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Method, Route } from '../../kernel/service.ts'

/** Routes that only admins may use, and that the fake has nothing behind: 403 for tenants, 501 for admins. */
const table: readonly (readonly [method: Method, path: string, operation: string, policy: string])[] = [
  ['GET', '/os-services', 'services.list', 'volume_extension:services:index'],
  ['GET', '/os-hosts', 'hosts.list', 'volume_extension:hosts'],
  ['GET', '/scheduler-stats/get_pools', 'pools.list', 'scheduler_extension:scheduler_stats:get_pools'],
  ['GET', '/capabilities/:host', 'capabilities.show', 'volume_extension:capabilities'],
  ['GET', '/os-quota-class-sets/:name', 'quota-classes.show', 'volume_extension:quota_classes:get'],
]

export const adminRoutes: readonly Route[] = table.map(([method, path, operation, policy]) => ({
  method,
  path,
  operation,
  access: { admin: policy },
  endsUnmodelled: true,
  handle: (call: Call) => {
    throw new ApiError(501, `The fake does not model ${call.request.method} ${call.url.pathname}.`)
  },
}))
