import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import type { Method, Route } from '../../kernel/service.ts'
import { invalid } from './fields.ts'

/** Names of the argument and of the type of a change, by collection. */
const changes: Readonly<Record<string, readonly [argument: string, type: string]>> = {
  loadbalancers: ['load_balancer', 'LoadBalancerRootPUT'],
  listeners: ['listener_', 'ListenerRootPUT'],
  pools: ['pool_', 'PoolRootPut'],
  healthmonitors: ['health_monitor_', 'HealthMonitorRootPUT'],
  l7policies: ['l7policy_', 'L7PolicyRootPUT'],
  quotas: ['quotas', 'QuotaPUT'],
  flavors: ['flavor_', 'FlavorRootPUT'],
  flavorprofiles: ['flavor_profile_', 'FlavorProfileRootPUT'],
  availabilityzones: ['availability_zone_', 'AvailabilityZoneRootPUT'],
}

const notAllowed = (call: Call): never => {
  const text = `405 Method Not Allowed\n\nThe method ${call.request.method} is not allowed for this resource. \n\n `
  throw new ApiError(405, 'Method Not Allowed', { isOutsideApi: true, body: text })
}

const unknown = (): never => {
  throw octaviaDialect.unknownRoute()
}

/**
 * Paths below one object that lead nowhere, for ids with a slash: what follows it is taken for the fields to show or for
 * the body of a change, and a provider has nothing below it. `known` are the routes of the objects themselves.
 */
export const deepPathRoutes = (known: readonly Route[]): Route[] => [
  ...Object.entries(changes).flatMap(([collection, [argument, type]]): Route[] => {
    const path = `/${collection}/:id/:rest`
    const show = known.find((route) => route.method === 'GET' && route.path === `/${collection}/:id`)
    const update = (call: Call): never => {
      const reason = `unable to convert to ${type}. Error: Base.__init__() takes 1 positional argument but 2 were given`
      throw invalid(argument, call.param('rest'), reason)
    }
    const showFields = (call: Call) => {
      call.query.set('fields', call.param('rest'))
      return show?.handle(call) ?? unknown()
    }
    return [
      { method: 'GET', path, operation: `${collection}.show-below`, handle: showFields },
      { method: 'PUT', path, operation: `${collection}.update-below`, handle: update },
      {
        method: 'POST',
        path,
        operation: `${collection}.create-below`,
        handle: collection === 'quotas' ? notAllowed : unknown,
      },
      { method: 'DELETE', path, operation: `${collection}.delete-below`, handle: unknown },
    ]
  }),
  ...(['GET', 'POST', 'PUT', 'DELETE'] as const satisfies readonly Method[]).map(
    (method): Route => ({
      method,
      path: '/providers/:provider/:rest',
      operation: `providers.${method.toLowerCase()}-below`,
      handle: notAllowed,
    }),
  ),
]
