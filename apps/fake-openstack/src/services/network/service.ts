import { neutronDialect } from '../../kernel/dialects/neutron.ts'
import { defineService } from '../../kernel/service.ts'
import { lbaasV2Routes } from '../load-balancer/routes.ts'
import { addressGroupActionRoutes, addressGroupResource } from './address-groups.ts'
import { addressScopeResource } from './address-scopes.ts'
import { agentRoutes } from './agents.ts'
import { extensionCollectionsRoutes } from './extension-collections.ts'
import { extensionRoutes } from './extensions.ts'
import { flavorProfileRoutes } from './flavors.ts'
import { floatingIpPoolRoutes } from './floating-ip-pools.ts'
import { floatingIpResource, floatingIpStatus } from './floating-ips.ts'
import { networkResource } from './networks.ts'
import { portResource } from './ports.ts'
import { publishedRoutes } from './published-routes.ts'
import { networkQuotas, quotaRoutes } from './quotas.ts'
import { rbacPolicies } from './rbac-records.ts'
import {
  addressCursors,
  addressGroups,
  addressScopes,
  flavors,
  floatingIps,
  networks,
  ports,
  routers,
  securityGroupRules,
  securityGroups,
  serviceProfiles,
  subnetPools,
  subnets,
  trunks,
} from './records.ts'
import { taggable } from './resource.ts'
import { resourceRoutes } from './resource-routes.ts'
import { routerInterfaceRoutes } from './router-interfaces.ts'
import { routerResource } from './routers.ts'
import { securityGroupRuleResource } from './security-group-rules.ts'
import { securityGroupResource } from './security-groups.ts'
import { subnetPoolResource } from './subnetpools.ts'
import { subnetResource } from './subnets.ts'
import { tagRoutes } from './tags.ts'
import { trunkSubportRoutes } from './trunks.ts'
import { versionRoutes } from './versions.ts'

/** Neutron v2.0. */
export const networkService = defineService({
  type: 'network',
  name: 'network',
  project: 'neutron',
  prefix: '/network',
  bases: ['/v2.0'],
  catalogPath: '',
  dialect: neutronDialect,
  transport: { trailingSlash: 'ignored', jsonSuffix: true, options: 'get' },
  publishedRoutes,
  collections: [
    networks,
    subnets,
    subnetPools,
    ports,
    securityGroups,
    securityGroupRules,
    floatingIps,
    routers,
    addressScopes,
    addressGroups,
    flavors,
    serviceProfiles,
    trunks,
    rbacPolicies,
    addressCursors,
  ],
  lifecycles: [floatingIpStatus],
  quotas: networkQuotas,
  routes: [
    ...versionRoutes,
    ...extensionRoutes,
    ...resourceRoutes(networkResource),
    ...resourceRoutes(subnetResource),
    ...resourceRoutes(subnetPoolResource),
    ...resourceRoutes(portResource),
    ...resourceRoutes(securityGroupResource),
    ...resourceRoutes(securityGroupRuleResource),
    ...resourceRoutes(floatingIpResource),
    ...resourceRoutes(routerResource),
    ...resourceRoutes(addressScopeResource),
    ...resourceRoutes(addressGroupResource),
    ...addressGroupActionRoutes,
    ...routerInterfaceRoutes,
    ...tagRoutes([
      taggable(networkResource),
      taggable(subnetResource),
      taggable(subnetPoolResource),
      taggable(portResource),
      taggable(securityGroupResource),
      taggable(floatingIpResource),
      taggable(routerResource),
    ]),
    ...quotaRoutes,
    ...floatingIpPoolRoutes,
    ...extensionCollectionsRoutes,
    ...flavorProfileRoutes,
    ...trunkSubportRoutes,
    ...agentRoutes,
    ...lbaasV2Routes,
  ],
})
