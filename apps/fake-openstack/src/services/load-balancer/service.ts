import { notFound } from '../../kernel/api-error.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { defineService } from '../../kernel/service.ts'
import { amphoraRoutes } from './amphorae.ts'
import { checkRequest } from './octavia-resource.ts'
import { createLoadBalancer, deleteLoadBalancer, updateLoadBalancer } from './provisioning.ts'
import { publishedRoutes } from './published-routes.ts'
import { unmodelledQueryKeys } from './query-keys.ts'
import { loadBalancerQuotas } from './quota-sets.ts'
import {
  availabilityZoneProfiles,
  availabilityZones,
  flavorProfiles,
  flavors,
  healthMonitors,
  l7Policies,
  l7Rules,
  listeners,
  loadBalancers,
  members,
  pools,
} from './records.ts'
import { lbaasRoutes } from './routes.ts'
import { versionRoutes } from './versions.ts'

/** Octavia v2. */
export const loadBalancerService = defineService({
  type: 'load-balancer',
  name: 'load-balancer',
  project: 'octavia',
  prefix: '/load-balancer',
  bases: ['/v2/lbaas', '/v2.0/lbaas'],
  catalogPath: '',
  dialect: octaviaDialect,
  transport: { trailingSlash: 'ignored', jsonSuffix: true, options: 'empty' },
  publishedRoutes,
  unmodelledQueryKeys,
  collections: [
    flavorProfiles,
    flavors,
    availabilityZoneProfiles,
    availabilityZones,
    loadBalancers,
    listeners,
    pools,
    members,
    healthMonitors,
    l7Policies,
    l7Rules,
  ],
  lifecycles: [createLoadBalancer, updateLoadBalancer, deleteLoadBalancer],
  quotas: loadBalancerQuotas,
  before: (call) => {
    if (call.context.settings.loadBalancing !== 'octavia') throw notFound('This cloud has no Octavia.')
    checkRequest(call)
  },
  routes: [...versionRoutes, ...lbaasRoutes, ...amphoraRoutes],
})
