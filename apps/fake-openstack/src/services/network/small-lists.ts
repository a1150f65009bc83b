import { ApiError } from '../../kernel/api-error.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { readFilters } from './list.ts'
import { networks, subnets } from './records.ts'
import { requireJson } from './resource-routes.ts'

const routerProviders = ['dvrha', 'dvr', 'ha', 'single_node']

export const smallListRoutes: Route[] = [
  {
    method: 'GET',
    path: '/service-providers',
    operation: 'service_providers.list',
    handle: (call) => {
      const all = routerProviders.map((name) => ({ service_type: 'L3_ROUTER_NAT', name, default: false }))
      const wanted = [...call.query].filter(([key]) => ['name', 'service_type', 'default'].includes(key))
      // Neutron compares with the text of the query, so that no provider has `default=false` either.
      const found = all.filter((one) =>
        wanted.every(([key, value]) => new Map<string, unknown>(Object.entries(one)).get(key) === value),
      )
      return ok({ service_providers: found })
    },
  },
  {
    method: 'GET',
    path: '/floatingip_pools',
    operation: 'floatingip_pools.list',
    handle: (call) => {
      requireJson(call)
      readFilters(call, {})
      // Neutron fails where it makes the links of a page.
      if (call.query.has('limit')) {
        const message = 'The server has either erred or is incapable of performing the requested operation.'
        throw new ApiError(500, message, { isWebob: true })
      }
      const external = call.store
        .of(networks)
        .where({ public: 'yes' })
        .filter((network) => network['router:external'])
      const pools = external.flatMap((network) => call.store.of(subnets).where({ network: network.id }))
      return ok({
        floatingip_pools: pools
          .filter((subnet) => subnet.ip_version === 4)
          .map((subnet) => ({
            subnet_id: subnet.id,
            subnet_name: subnet.name,
            tenant_id: call.projectId,
            project_id: call.projectId,
            network_id: subnet.network_id,
            cidr: subnet.cidr,
          })),
      })
    },
  },
]
