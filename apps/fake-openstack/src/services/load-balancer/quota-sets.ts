import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonTypeName } from '../../kernel/python-repr.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { integer } from './fields.ts'

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

/** Older names of limits. */
const aliases: Readonly<Record<string, string>> = { loadbalancer: 'load_balancer', healthmonitor: 'health_monitor' }

const readLimit = integer(-1, 2_000_000_000)

const projectOf = (call: Call): string => {
  const id = call.param('project')
  if (!call.isAdmin && id !== call.projectId) throw octaviaDialect.forbidden('')
  return id
}

/** Octavia takes no key with one quota. */
const refuseQuery = (call: Call): void => {
  const [name] = call.query.names
  if (name !== undefined) throw badRequest(`Unknown argument: "${name}"`)
}

/** The limits of a body, read before anybody's role is looked at; undefined when it has none. */
const readLimits = (call: Call): Readonly<Record<string, number>> | undefined => {
  const body = call.rawJson
  if (body === undefined) throw badRequest('Missing argument: "quotas"')
  if (!isObject(body)) throw noKeys(body)
  const foreign = Object.keys(body).find((key) => key !== 'quota')
  if (foreign !== undefined) throw badRequest(`Unknown attribute for argument quotas: ${foreign}`)
  const quota = body['quota']
  if (quota === undefined || quota === null) return undefined
  if (!isObject(quota)) throw noKeys(quota)
  const entries = Object.entries(quota).map(([key, value]): [string, number] => {
    const name = aliases[key] ?? key
    if (!Object.hasOwn(loadBalancerQuotas, name)) {
      throw badRequest(`Unknown attribute for argument quotas.quota: ${key}`)
    }
    if (value === null) return [name, -1]
    const number = typeof value === 'boolean' ? Number(value) : value
    return [name, readLimit(key, number, { argument: 'quotas', body }) as number] // what `integer` reads
  })
  return Object.fromEntries(entries)
}

const noKeys = (value: unknown): ApiError =>
  new ApiError(500, `'${pythonTypeName(value)}' object has no attribute 'keys'`)

/** The limits of a project in the list: by both names, and null where none was set. */
const listed = (call: Call, id: string) => {
  const own = call.context.quotas.own('load-balancer', id)
  const limits = Object.keys(loadBalancerQuotas).map((name) => [name, own[name] ?? null] as const)
  return {
    ...Object.fromEntries(limits),
    ...Object.fromEntries(Object.entries(aliases).map(([alias, name]) => [alias, own[name] ?? null])),
    project_id: id,
    tenant_id: id,
  }
}

/** Quotas. https://docs.openstack.org/api-ref/load-balancer/v2/#quotas */
export const quotaRoutes: Route[] = [
  {
    method: 'GET',
    path: '/quotas',
    operation: 'quotas.list',
    handle: (call) => {
      const own = call.context.quotas.projects('load-balancer')
      const seen = call.isAdmin ? own : own.filter((id) => id === call.projectId)
      const asked = call.query.get('project_id')
      const quotas = seen.filter((id) => asked === null || id === asked).map((id) => listed(call, id))
      return ok({ quotas, quotas_links: [] })
    },
  },
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
    path: '/quotas/:project/default',
    operation: 'quotas.default-of',
    handle: (call) => {
      projectOf(call)
      return ok({ quota: loadBalancerQuotas })
    },
  },
  {
    method: 'GET',
    path: '/quotas/:project',
    operation: 'quotas.show',
    handle: (call) => {
      refuseQuery(call)
      return ok({ quota: call.context.quotas.limits('load-balancer', projectOf(call)) })
    },
  },
  {
    method: 'PUT',
    path: '/quotas/:project',
    operation: 'quotas.update',
    handle: (call) => {
      const limits = readLimits(call)
      if (!call.isAdmin) throw octaviaDialect.forbidden('')
      if (!limits) throw new ApiError(500, "'quota'")
      call.context.quotas.set('load-balancer', call.param('project'), limits)
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
      return accepted()
    },
  },
  ...(['PUT', 'DELETE'] as const).map(
    (method): Route => ({
      method,
      path: '/quotas',
      operation: `quotas.${method.toLowerCase()}-none`,
      handle: () => {
        throw badRequest('Missing argument: "project_id"')
      },
    }),
  ),
]
