import type { Call } from '../../kernel/call.ts'
import type { Route } from '../../kernel/service.ts'
import { neutronError } from '../network/neutron-errors.ts'
import { lbaasRoutes } from './routes.ts'

/**
 * Neutron's LBaaS v2 extension: the same resources below `/lbaas` of Neutron, for clouds without Octavia. Where the
 * cloud has Octavia, Neutron knows nothing of them.
 */
export const lbaasV2Routes: readonly Route[] = lbaasRoutes
  .filter((route) => !route.path.startsWith('/quotas') && !route.path.startsWith('/availabilityzones'))
  .map((route) => ({
    ...route,
    path: `/lbaas${route.path}`,
    operation: `lbaas.${route.operation}`,
    handle: (call: Call) => {
      if (call.world.settings.loadBalancing !== 'neutron') {
        throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.')
      }
      return route.handle(call)
    },
  }))
