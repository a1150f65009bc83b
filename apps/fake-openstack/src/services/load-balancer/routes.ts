import type { Route } from '../../kernel/service.ts'
import { healthMonitorRoutes } from './health-monitors.ts'
import { l7PolicyRoutes } from './l7-policies.ts'
import { l7RuleRoutes } from './l7-rules.ts'
import { listenerRoutes } from './listeners.ts'
import { loadBalancerRoutes } from './load-balancers.ts'
import { memberRoutes } from './members.ts'
import { poolRoutes } from './pools.ts'
import { quotaRoutes } from './quota-sets.ts'
import { smallListRoutes } from './small-lists.ts'

/** Everything below `/lbaas`. */
export const lbaasRoutes: readonly Route[] = [
  ...loadBalancerRoutes,
  ...listenerRoutes,
  ...poolRoutes,
  ...memberRoutes,
  ...healthMonitorRoutes,
  ...l7PolicyRoutes,
  ...l7RuleRoutes,
  ...quotaRoutes,
  ...smallListRoutes,
]
