import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { networks, subnets } from './records.ts'

/** Things that a tenant of this cloud has none of and may list: path and key. */
const empty = [
  ['agents', 'agents'],
  ['availability_zones', 'availability_zones'],
  ['rbac-policies', 'rbac_policies'],
  ['trunks', 'trunks'],
  ['address-scopes', 'address_scopes'],
  ['address-groups', 'address_groups'],
  ['flavors', 'flavors'],
  ['network-ip-availabilities', 'network_ip_availabilities'],
] as const

const routerProviders = ['dvrha', 'dvr', 'ha', 'single_node']

export const smallListRoutes: Route[] = [
  ...empty.map(
    ([path, key]): Route => ({
      method: 'GET',
      path: `/${path}`,
      operation: `${key}.list`,
      handle: () => ok({ [key]: [] }),
    }),
  ),
  {
    method: 'GET',
    path: '/service-providers',
    operation: 'service_providers.list',
    handle: () =>
      ok({
        service_providers: routerProviders.map((name) => ({ service_type: 'L3_ROUTER_NAT', name, default: false })),
      }),
  },
  {
    method: 'GET',
    path: '/floatingip_pools',
    operation: 'floatingip_pools.list',
    handle: (call) => {
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
