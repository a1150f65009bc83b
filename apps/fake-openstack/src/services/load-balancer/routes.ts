import type { Call } from '../../kernel/call.ts'
import type { Route } from '../../kernel/service.ts'
import { neutronError } from '../network/neutron-errors.ts'
import { deepPathRoutes } from './deep-paths.ts'
import { flavorRoutes } from './flavors.ts'
import { healthMonitorRoutes } from './health-monitors.ts'
import { l7PolicyRoutes } from './l7-policies.ts'
import { l7RuleRoutes } from './l7-rules.ts'
import { listenerRoutes } from './listeners.ts'
import { loadBalancerRoutes } from './load-balancers.ts'
import { memberRoutes } from './members.ts'
import { poolRoutes } from './pools.ts'
import { providerRoutes } from './providers.ts'
import { quotaRoutes } from './quota-sets.ts'

const objectRoutes: readonly Route[] = [
  ...loadBalancerRoutes,
  ...listenerRoutes,
  ...poolRoutes,
  ...memberRoutes,
  ...healthMonitorRoutes,
  ...l7PolicyRoutes,
  ...l7RuleRoutes,
  ...quotaRoutes,
  ...providerRoutes,
  ...flavorRoutes,
]

/** Everything below `/lbaas`. */
export const lbaasRoutes: readonly Route[] = [...objectRoutes, ...deepPathRoutes(objectRoutes)]

/**
 * Neutron's LBaaS v2 extension: the same resources below `/lbaas` of Neutron, for clouds without Octavia. Where the
 * cloud has Octavia, Neutron knows nothing of them.
 */
export const lbaasV2Routes: readonly Route[] = lbaasRoutes
  .filter((route) => !/^\/(quotas|availabilityzone|flavor)/.test(route.path))
  .map((route) => ({
    ...route,
    path: `/lbaas${route.path}`,
    operation: `lbaas.${route.operation}`,
    handle: (call: Call) => {
      if (call.context.settings.loadBalancing !== 'neutron') {
        throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.')
      }
      return route.handle(call)
    },
  }))
