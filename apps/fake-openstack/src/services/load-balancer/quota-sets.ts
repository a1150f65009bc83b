import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { accepted, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

/** Limits by default: none. */
export const loadBalancerQuotas: Readonly<Record<string, number>> = {
  load_balancer: -1,
  listener: -1,
  member: -1,
  pool: -1,
  health_monitor: -1,
  l7policy: -1,
  l7rule: -1,
}

const projectOf = (call: Call): string => {
  const id = call.param('project')
  if (!call.isAdmin && id !== call.projectId) throw octaviaDialect.forbidden('')
  return id
}

/** Quotas. https://docs.openstack.org/api-ref/load-balancer/v2/#quotas */
export const quotaRoutes: Route[] = [
  {
    method: 'GET',
    path: '/quotas/defaults',
    operation: 'quotas.default',
    handle: (call) => {
      if (!call.isAdmin) throw octaviaDialect.forbidden('')
      return ok({ quota: loadBalancerQuotas })
    },
  },
  {
    method: 'GET',
    path: '/quotas/:project',
    operation: 'quotas.show',
    handle: (call) => ok({ quota: call.context.quotas.limits('load-balancer', projectOf(call)) }),
  },
  {
    method: 'PUT',
    path: '/quotas/:project',
    operation: 'quotas.update',
    handle: (call) => {
      if (!call.isAdmin) throw octaviaDialect.forbidden('')
      const body = call.rawJson
      const quota = isObject(body) ? body['quota'] : undefined
      if (!isObject(quota)) throw badRequest('Missing argument: "quotas"')
      const limits = Object.entries(quota).map(([name, limit]) => [name, limit === null ? -1 : Number(limit)] as const)
      const unknown = limits.find(([name]) => !(name in loadBalancerQuotas))
      if (unknown) throw badRequest(`Unknown attribute for argument quotas.quota: ${unknown[0]}`)
      call.context.quotas.set('load-balancer', call.param('project'), Object.fromEntries(limits))
      return accepted({ quota: call.context.quotas.limits('load-balancer', call.param('project')) })
    },
  },
  {
    method: 'DELETE',
    path: '/quotas/:project',
    operation: 'quotas.delete',
    handle: (call) => {
      if (!call.isAdmin) throw octaviaDialect.forbidden('')
      call.context.quotas.clear('load-balancer', call.param('project'))
      return noContent()
    },
  },
]
